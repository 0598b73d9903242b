/// Host names as an operator lists them, separated by commas.
public struct HostList: Hashable, Sendable {
    /// Names that must be met exactly, in lower case.
    private let exact: Set<String>
    /// Ends of names, each with its leading dot.
    private let endings: [String]

    /// No host.
    public static let none = HostList(exact: [], endings: [])

    /// The hosts of this machine that can be listed where a simulator stands in for Krea.
    private static let loopback: Set<String> = ["127.0.0.1", "localhost"]
    /// Letters, digits, hyphens and dots; the bytes of names and of IPv4 addresses.
    private static let nameBytes = Set("abcdefghijklmnopqrstuvwxyz0123456789-.".utf8)

    private init(exact: Set<String>, endings: [String]) {
        self.exact = exact
        self.endings = endings
    }

    /// Reads names separated by commas: `www.example.org` for that host, `.example.org` or `*.example.org` for all below it.
    ///
    /// nil when one is no host name. An address is none, nor is this machine, unless `simulated`: then `127.0.0.1` and `localhost` are.
    public init?(_ text: String, simulated: Bool) {
        var exact: Set<String> = []
        var endings: [String] = []
        for part in text.lowercased().split(separator: ",", omittingEmptySubsequences: false) {
            let name = part.drop { $0 == " " }.prefix { $0 != " " }
            let isPadded = part.drop { $0 == " " }.dropFirst(name.count).allSatisfy { $0 == " " }
            let below = name.hasPrefix("*.") ? name.dropFirst() : name
            if Self.loopback.contains(String(name)) {
                guard simulated else { return nil }
                exact.insert(String(name))
            } else if below.hasPrefix("."), isPadded, Self.isHostName(below.dropFirst()) {
                endings.append(String(below))
            } else if isPadded, Self.isHostName(name) {
                exact.insert(String(name))
            } else {
                return nil
            }
        }
        self.init(exact: exact, endings: endings)
    }

    /// Whether a host is made of the characters of names and IPv4 addresses only, so that it cannot be read as another host.
    public static func isPlain(_ host: String) -> Bool { host.utf8.allSatisfy(nameBytes.contains) }

    /// Whether no host is listed.
    public var isEmpty: Bool { exact.isEmpty && endings.isEmpty }

    /// Whether `host`, which is in lower case, is listed.
    public func contain(_ host: String) -> Bool {
        exact.contains(host) || endings.contains { host.hasSuffix($0) && host.utf8.count > $0.utf8.count }
    }

    /// Whether `host` is this machine and listed; only then it is called over http.
    public func allowLoopback(_ host: String) -> Bool {
        Self.loopback.contains(host) && exact.contains(host)
    }

    /// The hosts as sources of a content security policy (CSP Level 3, section 2.3.1).
    public var policySources: [String] {
        exact.sorted().map { Self.loopback.contains($0) ? "http://\($0):*" : "https://\($0)" } + endings.map { "https://*\($0)" }
    }

    /// Whether it is a name of letters, digits and hyphens that cannot be read as an address: RFC 1123, section 2.1.
    private static func isHostName(_ text: Substring) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let areLabels = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { nameBytes.contains($0) && $0 != UInt8(ascii: ".") }
        }
        return text.utf8.count <= 253 && areLabels && labels.last?.first?.isLetter == true && text != "localhost"
    }
}
