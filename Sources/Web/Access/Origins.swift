import Jobs

/// Web sites that the operator allows (RFC 6454, section 6.2).
public struct Origins: Sendable, Equatable {
    /// No web site.
    public static let none = Origins(origins: [])

    private let origins: [String]

    private init(origins: [String]) {
        self.origins = origins
    }

    /// Reads origins such as `https://example.org` or `https://example.org:8443`, separated by commas.
    ///
    /// - Returns: Nil if an entry is not an origin, has more than scheme, host and port, or is http of another machine.
    public init?(_ list: String) {
        var origins: [String] = []
        for entry in list.split(separator: ",", omittingEmptySubsequences: false) {
            guard let origin = Self.serialised(entry.trimmingSpaces) else { return nil }
            if !origins.contains(origin) { origins.append(origin) }
        }
        self.origins = origins
    }

    /// Whether there are none.
    public var isEmpty: Bool { origins.isEmpty }

    /// Whether an `Origin` header names one of them.
    func contains(_ origin: String?) -> Bool { origin.map(origins.containsBytes) ?? false }

    /// The origins as a list for a Content-Security-Policy.
    var sources: String { origins.joined(separator: " ") }

    /// The origin as browsers write it: in lower case, without the default port.
    private static func serialised(_ text: String) -> String? {
        let text = text.lowercased()
        guard
            let end = text.firstRange(of: "://"), let defaultPort = CSRFGuard.defaultPorts[String(text[..<end.lowerBound])],
            let host = CSRFGuard.Host(authority: String(text[end.upperBound...])), isHost(host.name),
            host.port.map((1...65_535).contains) ?? true
        else { return nil }
        let scheme = text[..<end.lowerBound]
        guard scheme == "https" || isLoopback(host.name) else { return nil }
        let port = host.port.flatMap { $0 == defaultPort ? nil : ":\($0)" } ?? ""
        return "\(scheme)://\(host.name)\(port)"
    }

    /// A name of ASCII letters, digits, `-` and `.`, or an IPv6 address in brackets. Browsers write other names in Punycode.
    private static func isHost(_ name: String) -> Bool {
        if name.hasPrefix("["), name.hasSuffix("]") {
            return name.dropFirst().dropLast().allSatisfy { ($0.isASCII && $0.isHexDigit) || $0 == ":" }
        }
        return name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        }
    }

    private static func isLoopback(_ name: String) -> Bool {
        name == "localhost" || name == "[::1]" || name.hasPrefix("127.") && name.dropFirst(4).allSatisfy { $0.isNumber || $0 == "." }
    }
}
