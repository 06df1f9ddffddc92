package dev.weft.agent.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.http.HttpServer;
import dev.weft.inet.AddressText;
import dev.weft.inet.Subnet;
import dev.weft.ipam.PoolRange;
import dev.weft.ipam.SubnetCheck;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The kinds of values that Weft's keys take.
final class Kinds {
    private static final int LARGEST_PORT = 65_535;
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

    static final Kind<Path> PATH = new Kind.Text<>("path", "a path that begins with '/'", Kinds::path);

    static final Kind<Path> SOCKET = new Kind.Text<>("path of a socket", "a path that begins with '/'", Kinds::socket);

    static final Kind<Optional<Path>> OPTIONAL_SOCKET = new Kind.Text<>(
            "path of a socket, or empty",
            "a path that begins with '/', or nothing",
            text -> text.isEmpty() ? Optional.empty() : Optional.of(socket(text)),
            path -> path.map(Path::toString).orElse(""));

    static final Kind<Optional<Path>> OPTIONAL_PATH = new Kind.Text<>(
            "path, or empty",
            "a path that begins with '/', or nothing",
            text -> text.isEmpty() ? Optional.empty() : Optional.of(path(text)),
            path -> path.map(Path::toString).orElse(""));

    static final Kind<String> LINE = new Kind.Text<>("text", "a text of one line", Kinds::line);

    static final Kind<Integer> PORT = new Kind.Whole("port", 1, LARGEST_PORT);

    static final Kind<List<URI>> STORE = new Kind.Many<>(
            "list of URLs, `http://` or `https://` with host and port",
            "a list of URLs, such as [\"https://10.0.0.5:2379\"]",
            new Kind.Text<>("URL", "a URL, such as \"https://10.0.0.5:2379\"", Kinds::storeUrl),
            Kinds::oneScheme);

    static final Kind<List<InetAddress>> ADDRESSES_OF_FAMILIES = new Kind.Many<>(
            "list of addresses, at most one IPv4 and one IPv6",
            "a list of addresses, such as [\"10.0.0.7\"]",
            new Kind.Text<>("address", "an address, such as \"10.0.0.7\"", Kinds::address, AddressText::of),
            Kinds::oneOfAFamily);

    /// What `ip netns` can name.
    static final Kind<String> NAME_OF_NAMESPACE =
            new Kind.Text<>("name", "a name of letters, digits, '.', '_' and '-'", Kinds::name);

    static final Kind<LogLevel> LOG_LEVEL =
            new Kind.Text<>("error, warning, info or debug", "error, warning, info or debug", Kinds::logLevel);

    static final Kind<Scope> SCOPE = new Kind.Text<>("local or global", "local or global", Kinds::scope);

    static final Kind<Boolean> TRUTH = new Kind.Truth();

    static final Kind<List<Subnet>> SUBNETS_OF_FAMILIES = new Kind.Many<>(
            "list of subnets, at most one IPv4 and one IPv6",
            "a list of subnets, such as [\"10.224.0.0/16\"]",
            new Kind.Text<>("subnet", "a subnet, such as \"10.224.0.0/16\"", Subnet::parse),
            Kinds::twoOfAFamily);

    static final Kind<List<PoolRange>> POOL_RANGES = new Kind.Many<>(
            "list of ranges, each a subnet and the length of the pools in it",
            "a list of ranges, such as [\"10.192.0.0/12 by /24\"]",
            new Kind.Text<>("range", "a range, such as \"10.192.0.0/12 by /24\"", Kinds::poolRange),
            Kinds::overlap);

    private Kinds() {}

    /// A whole number with its unit, `ms`, `s`, `m` or `h`.
    static Kind<Duration> duration(Duration shortest, Duration longest) {
        var range = DurationText.of(shortest) + " to " + DurationText.of(longest);
        return new Kind.Text<>(
                "duration, " + range,
                "a duration from " + range + ", such as \"30s\" or \"2m\"",
                text -> within(DurationText.parse(text), shortest, longest),
                DurationText::of);
    }

    private static Duration within(Duration value, Duration shortest, Duration longest) {
        if (value.compareTo(shortest) < 0 || value.compareTo(longest) > 0) {
            throw new IllegalArgumentException();
        }
        return value;
    }

    private static Path path(String text) {
        if (!text.startsWith("/") || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException();
        }
        return Path.of(text);
    }

    private static Path socket(String text) {
        int bytes = text.getBytes(UTF_8).length;
        if (bytes > HttpServer.LONGEST_SOCKET_PATH) {
            throw new IllegalArgumentException(
                    "the path of a socket has at most " + HttpServer.LONGEST_SOCKET_PATH + " bytes, not " + bytes);
        }
        return path(text);
    }

    private static String name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException();
        }
        return text;
    }

    private static String line(String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException();
        }
        return text;
    }

    private static URI storeUrl(String text) {
        var url = URI.create(text);
        boolean isPlain = url.getRawUserInfo() == null
                && (url.getRawPath() == null || url.getRawPath().isEmpty())
                && url.getRawQuery() == null
                && url.getRawFragment() == null;
        if (!isPlain || url.getHost() == null || url.getPort() < 1 || !SCHEMES.contains(url.getScheme())) {
            throw new IllegalArgumentException();
        }
        return url;
    }

    private static Optional<String> oneScheme(List<URI> urls) {
        return urls.stream().map(URI::getScheme).distinct().count() > 1
                ? Optional.of("has both http:// and https:// URLs; give one kind")
                : Optional.empty();
    }

    private static InetAddress address(String text) {
        var address = InetAddress.ofLiteral(text);
        if (address.isAnyLocalAddress() || address.isMulticastAddress() || address.isLoopbackAddress()) {
            throw new IllegalArgumentException("no other host reaches this one by it");
        }
        return address;
    }

    private static Optional<String> oneOfAFamily(List<InetAddress> addresses) {
        long families = addresses.stream().map(Object::getClass).distinct().count();
        return families < addresses.size()
                ? Optional.of("has two addresses of one IP version; give one IPv4 and one IPv6 address at most")
                : Optional.empty();
    }

    private static LogLevel logLevel(String text) {
        for (var level : LogLevel.values()) {
            if (level.toString().equals(text)) {
                return level;
            }
        }
        throw new IllegalArgumentException();
    }

    private static Scope scope(String text) {
        for (var scope : Scope.values()) {
            if (scope.toString().equals(text)) {
                return scope;
            }
        }
        throw new IllegalArgumentException();
    }

    private static Optional<String> twoOfAFamily(List<Subnet> subnets) {
        for (int i = 0; i < subnets.size(); i++) {
            for (var before : subnets.subList(0, i)) {
                var subnet = subnets.get(i);
                if (before.isIpv4() == subnet.isIpv4()) {
                    var family = subnet.isIpv4() ? "IPv4" : "IPv6";
                    return Optional.of("has " + before + " and " + subnet + "; give one " + family + " subnet at most");
                }
            }
        }
        return Optional.empty();
    }

    /// Subnets that `--subnet` refuses are not chosen either.
    private static PoolRange poolRange(String text) {
        var range = PoolRange.parse(text);
        for (var special : SubnetCheck.SPECIAL) {
            if (special.subnet().overlaps(range.base())) {
                throw new IllegalArgumentException("it overlaps " + special.subnet() + ", which is " + special.meaning()
                        + "; give one for containers, such as "
                        + (range.base().isIpv4() ? "10.192.0.0/12 by /24" : "fd77:6566:7400::/48 by /64"));
            }
        }
        return range;
    }

    private static Optional<String> overlap(List<PoolRange> ranges) {
        for (int i = 0; i < ranges.size(); i++) {
            var clash = overlapping(ranges.get(i), ranges.subList(0, i));
            if (clash.isPresent()) {
                return Optional.of(
                        "has " + clash.get() + " and " + ranges.get(i) + ", which overlap; give ranges that do not");
            }
        }
        return Optional.empty();
    }

    /// The first of the others that it overlaps.
    static Optional<PoolRange> overlapping(PoolRange range, List<PoolRange> others) {
        for (var other : others) {
            if (other.base().overlaps(range.base())) {
                return Optional.of(other);
            }
        }
        return Optional.empty();
    }
}
