package dev.weft.lab;

import java.util.List;

/// One folder of the cache, made of Debian packages.
///
/// @param name of the folder, another one whenever the packages change
/// @param shown how the download is announced
/// @param suite Debian's name of the release that has the packages
/// @param under packages that are unpacked into the folder `under` in it
/// @param needless folders of the packages that are deleted
record Part(String name, String shown, String suite, List<String> packages, List<String> under, List<String> needless) {
    private static final List<String> NEEDLESS = List.of(
            "etc",
            "usr/share",
            "usr/include",
            "usr/lib/systemd",
            "usr/lib/tmpfiles.d",
            "usr/lib/sysusers.d",
            "usr/lib/udev",
            "usr/lib/cni",
            "usr/lib/containerd",
            "usr/lib/sysctl.d",
            "usr/bin/containerd-stress",
            "usr/bin/containerd-shim",
            "usr/bin/containerd-shim-runc-v1");

    /// Laid over the machine's `/usr`; runc from here, because newer ones need a newer C library.
    private static final List<String> OVER =
            List.of("runc", "tini", "busybox-static", "iptables", "libip4tc2", "libip6tc2", "libxtables12");

    /// Laid under the machine's `/usr`: used where it has none.
    private static final List<String> UNDER = List.of(
            "libnftnl11",
            "libnfnetlink0",
            "libnetfilter-conntrack3",
            "libmnl0",
            "libseccomp2", // iptables, runc
            "nftables",
            "libnftables1",
            "libjansson4",
            "libedit2",
            "libbsd0",
            "libmd0",
            "libgmp10", // nft
            "iproute2",
            "libbpf1",
            "libelf1",
            "libcap2",
            "libtirpc3",
            "libdb5.3",
            "libselinux1", // ip
            "libdevmapper1.02.1",
            "libudev1",
            "libsystemd0", // dockerd
            "e2fsprogs",
            "libext2fs2",
            "libss2",
            "libcom-err2"); // a disk of a size of its own

    /// What all engines share.
    static final Part TOOLS = new Part("tools-2", "its tools", "bookworm", OVER, UNDER, NEEDLESS);

    /// The compiler, and the one netlink library that Debian has with everything that Docker's own drivers use.
    static final Part GO = new Part(
            "go-1.19",
            "Go 1.19",
            "bookworm",
            List.of(
                    "golang-1.19-go",
                    "golang-1.19-src",
                    "golang-github-vishvananda-netlink-dev",
                    "golang-github-vishvananda-netns-dev",
                    "golang-golang-x-sys-dev"),
            List.of(),
            List.of("usr/share/doc", "usr/share/go-1.19/test"));

    /// The last one that is written in Python, with all of Python that it needs: the machine's own may be of any
    /// version, or not there.
    static final Part COMPOSE = new Part(
            "compose-1.29",
            "docker-compose 1.29",
            "bookworm",
            List.of(
                    "docker-compose",
                    "python3.11-minimal",
                    "libpython3.11-minimal",
                    "libpython3.11-stdlib",
                    "libbz2-1.0",
                    "libcrypt1",
                    "libexpat1",
                    "libffi8",
                    "liblzma5",
                    "libssl3",
                    "libuuid1",
                    "libyaml-0-2",
                    "zlib1g", // Python
                    "python3-attr",
                    "python3-cached-property",
                    "python3-certifi",
                    "python3-chardet",
                    "python3-charset-normalizer",
                    "python3-distro",
                    "python3-distutils",
                    "python3-docker",
                    "python3-dockerpty",
                    "python3-docopt",
                    "python3-dotenv",
                    "python3-idna",
                    "python3-jsonschema",
                    "python3-pkg-resources",
                    "python3-pyrsistent",
                    "python3-requests",
                    "python3-six",
                    "python3-texttable",
                    "python3-urllib3",
                    "python3-websocket",
                    "python3-yaml"),
            List.of(),
            List.of("etc", "usr/share"));

    static final Part REGISTRY = new Part(
            "registry-2.8",
            "a registry of images and plugins",
            "bookworm",
            List.of("docker-registry"),
            List.of(),
            List.of("etc", "usr/share", "usr/lib/systemd", "lib/systemd"));

    static final Part ETCD = new Part(
            "etcd-3.4",
            "etcd 3.4",
            "bookworm",
            List.of("etcd-server", "etcd-client"),
            List.of(),
            List.of("etc", "usr/share", "usr/lib/systemd", "lib/systemd"));

    /// A whole machine. The kernel is the same for disks of all releases.
    ///
    /// @param suite Debian's name of the release on its disk
    static Part machine(String suite) {
        return new Part(
                "machine-" + suite + "-1",
                "a kernel that runs as a process",
                "bookworm",
                List.of("user-mode-linux", "debootstrap"),
                List.of(),
                List.of("usr/share/doc", "usr/share/man"));
    }

    /// Sid's, for its way into the kernel (seccomp) makes everything four times as fast as the older one
    /// (ptrace); and the C library that it wants, which machines need not have.
    static final Part KERNEL = new Part(
            "kernel-1",
            "a kernel that runs as a process",
            "sid",
            List.of("user-mode-linux", "libc6", "libgcc-s1"),
            List.of(),
            List.of("etc", "usr/share", "usr/libexec", "usr/lib/x86_64-linux-gnu/gconv"));

    static Part engine(Engine engine) {
        String version = engine.version();
        return new Part(
                "engine-" + version,
                "Docker Engine " + version,
                engine.suite(),
                engine.packages(),
                List.of(),
                NEEDLESS);
    }
}
