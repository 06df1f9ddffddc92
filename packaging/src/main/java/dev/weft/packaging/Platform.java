package dev.weft.packaging;

/// What packages are made for: the machine they are made on, because they hold its Java and an AOT cache of that.
///
/// @param machine as uname(1) says it
/// @param debian  as Debian calls it
/// @param sqlite  folder of the natives of sqlite-jdbc
record Platform(String machine, String debian, String sqlite) {
    /// @throws PackagingException on a machine that Weft is not made for
    static Platform here() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static Platform of(String system, String architecture) {
        if (!system.equals("Linux")) {
            throw new PackagingException("Weft runs on Linux, and this is " + system + ". Make them there.");
        }
        return switch (architecture) {
            case "amd64" -> new Platform("x86_64", "amd64", "org/sqlite/native/Linux/x86_64/");
            case "aarch64" -> new Platform("aarch64", "arm64", "org/sqlite/native/Linux/aarch64/");
            default ->
                throw new PackagingException("Weft is packaged for x86-64 and 64-bit ARM, and this machine is "
                        + architecture + ". Run it from the repository: ./weft agent");
        };
    }
}
