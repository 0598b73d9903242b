import FoundationEssentials

/// The hosts that may be told of a job's end, as the operator lists them. Without any, none is.
public struct WebhookHosts: Hashable, Sendable {
    private let hosts: HostList

    /// No host: off.
    public static let none = WebhookHosts(hosts: .none)

    private static let urlCharacters = 2048

    private init(hosts: HostList) {
        self.hosts = hosts
    }

    /// Reads names separated by commas; see ``HostList``. Nil when one is no host name.
    public init?(_ text: String, simulated: Bool) {
        guard let hosts = HostList(text, simulated: simulated) else { return nil }
        self.hosts = hosts
    }

    /// Whether none may be told.
    public var isEmpty: Bool { hosts.isEmpty }

    /// Whether `host` is listed. In lower case, as ``WebhookURL`` has it.
    public func contain(_ host: String) -> Bool { hosts.contain(host) }

    /// Whether `host` is this machine and may be.
    public func allowLoopback(_ host: String) -> Bool { hosts.allowLoopback(host) }

    /// Reads the address that a request gives for its job's end; nil when it gives none.
    ///
    /// - Parameter name: Of the member or the header field, for the sentence.
    /// - Throws: ``InvalidRequest`` when it is no address that may be called, or when none may.
    public func address(_ value: JSONValue?, named name: String) throws(InvalidRequest) -> String? {
        guard let value, value != .null else { return nil }
        guard !isEmpty else { throw InvalidRequest(name, .webhooksOff) }
        if let text = value.text, WebAddress.hasForeignHost(text) {
            throw InvalidRequest(name, .outside(value.brief, .addressInASCII))
        }
        guard let text = value.text.flatMap(WebAddress.normalised), text.utf8.count <= Self.urlCharacters, let url = WebhookURL(text) else {
            throw InvalidRequest(name, .noWebhookAddress(value.brief, most: Self.urlCharacters))
        }
        guard contain(url.host) else {
            throw InvalidRequest(name, .webhookHost(String(url.host.prefix(100))))
        }
        guard url.isSecure || allowLoopback(url.host) else { throw InvalidRequest(name, .insecureWebhook) }
        return url.text
    }
}

/// An address that can be called for a job's end: its parts, so that the caller and the check read the same.
public struct WebhookURL: Hashable, Sendable {
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
            !host.isEmpty, HostList.isPlain(host), !host.hasSuffix("."), parts.user == nil, parts.password == nil,
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
