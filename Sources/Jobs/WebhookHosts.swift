import FoundationEssentials

/// The hosts that may be told of a job's end, as the operator lists them. Without any, nobody is.
public struct WebhookHosts: Hashable, Sendable {
    /// Names that must be met exactly, in lower case.
    private let exact: Set<String>
    /// Ends of names, each with its leading dot.
    private let endings: [String]

    /// No host: off.
    public static let none = WebhookHosts(exact: [], endings: [])

    /// The hosts of this machine that can be listed where a simulator stands in for Krea; only they are called over http.
    private static let loopback: Set<String> = ["127.0.0.1", "localhost"]
    private static let urlCharacters = 2048

    private init(exact: Set<String>, endings: [String]) {
        self.exact = exact
        self.endings = endings
    }

    /// Reads names separated by commas: `hooks.example.org` for that host, `.example.org` or `*.example.org` for all below it.
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

    /// Whether nobody is told.
    public var isEmpty: Bool { exact.isEmpty && endings.isEmpty }

    /// Whether `host` is listed. In lower case, as ``WebhookURL`` has it.
    public func contain(_ host: String) -> Bool {
        exact.contains(host) || endings.contains { host.hasSuffix($0) && host.utf8.count > $0.utf8.count }
    }

    /// Whether `host` is this machine and may be.
    public func allowLoopback(_ host: String) -> Bool {
        Self.loopback.contains(host) && exact.contains(host)
    }

    /// Reads the address that a request gives for its job's end; nil when it gives none.
    ///
    /// - Parameter name: Of the member or the header field, for the sentence.
    /// - Throws: ``InvalidRequest`` when it is no address that may be called, or when none may.
    public func address(_ value: JSONValue?, named name: String) throws(InvalidRequest) -> String? {
        guard let value, value != .null else { return nil }
        guard !isEmpty else {
            throw InvalidRequest(
                name, .other("\(name) is not possible here: nobody is told of a job's end, because the operator has named no host for it."))
        }
        if let text = value.text, WebAddress.hasForeignHost(text) {
            throw InvalidRequest(name, .outside(value.brief, .addressInASCII))
        }
        guard let text = value.text.flatMap(WebAddress.normalised), text.utf8.count <= Self.urlCharacters, let url = WebhookURL(text) else {
            throw InvalidRequest(
                name,
                .other("\(name) \(value.brief) must be an https address of at most \(Self.urlCharacters) characters, without a user."))
        }
        guard contain(url.host) else {
            throw InvalidRequest(
                name, .other("\(name) has the host \(url.host.prefix(100)), which is none of those that the operator allows."))
        }
        guard url.isSecure || allowLoopback(url.host) else { throw InvalidRequest(name, .other("\(name) must start with https://.")) }
        return url.text
    }

    /// Whether it is a name of letters, digits and hyphens that cannot be read as an address: RFC 1123, section 2.1.
    private static func isHostName(_ text: Substring) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let areLabels = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { WebhookURL.nameBytes.contains($0) && $0 != UInt8(ascii: ".") }
        }
        return text.utf8.count <= 253 && areLabels && labels.last?.first?.isLetter == true && text != "localhost"
    }
}

/// An address that can be called for a job's end: its parts, so that whoever calls and whoever allows read the same.
public struct WebhookURL: Hashable, Sendable {
    /// Letters, digits, hyphens and dots; the bytes of names and of IPv4 addresses.
    static let nameBytes = Set("abcdefghijklmnopqrstuvwxyz0123456789-.".utf8)

    /// Whether it is https; else http.
    public let isSecure: Bool
    /// The host in lower case.
    public let host: String
    /// The port, if the address names one.
    public let port: Int?
    /// The path with its query; starts with a slash.
    public let target: String

    /// Reads an address; nil when it is not http or https to a name or an IPv4 address, or has a user or a fragment.
    public init?(_ text: String) {
        guard
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let parts = URLComponents(string: text),
            let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme), let host = parts.host?.lowercased(),
            !host.isEmpty, host.utf8.allSatisfy(Self.nameBytes.contains), !host.hasSuffix("."), parts.user == nil, parts.password == nil,
            parts.fragment == nil, parts.port.map({ (1...65_535).contains($0) }) ?? true
        else { return nil }
        isSecure = scheme == "https"
        self.host = host
        port = parts.port
        target = (parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath) + (parts.percentEncodedQuery.map { "?\($0)" } ?? "")
    }

    /// The address, made of its parts.
    public var text: String { "\(isSecure ? "https" : "http")://\(host)\(port.map { ":\($0)" } ?? "")\(target)" }
}
