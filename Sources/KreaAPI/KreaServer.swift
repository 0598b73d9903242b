import FoundationEssentials
public import Jobs

/// The base address of Krea's API: a scheme and a host, perhaps a port and a path before all routes.
public struct KreaServer: Hashable, Sendable {
    /// `https`, or `http` for a simulator on this machine.
    public let scheme: String
    /// The host in lower case, an IPv6 address without its brackets.
    public let host: String
    /// The port, if it is not the scheme's default.
    public let port: Int?
    /// The path before every route: empty, or with a leading and no trailing slash.
    public let prefix: String

    /// `https://api.krea.ai`
    public static let krea = try! KreaServer("https://api.krea.ai")

    /// Reads an address.
    ///
    /// - Throws: ``InvalidKreaServer`` if `text` is no address, or is plain http to another machine: the token never travels in the clear.
    public init(_ text: String) throws(InvalidKreaServer) {
        guard
            let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), let host = parts.host?.lowercased(),
            !host.isEmpty, parts.user == nil, parts.query == nil, parts.fragment == nil
        else { throw InvalidKreaServer(text: text) }
        self.scheme = scheme
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.port = parts.port
        self.prefix = parts.path.hasSuffix("/") ? String(parts.path.dropLast()) : parts.path
        guard scheme == "https" || scheme == "http" && isLoopback else { throw InvalidKreaServer(text: text) }
    }

    /// Whether the server is on this machine, and so is a simulator.
    public var isLoopback: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
    }

    /// The host and the port, as written in an address.
    public var authority: String {
        let bracketed = host.contains(":") ? "[\(host)]" : host
        return port.map { "\(bracketed):\($0)" } ?? bracketed
    }

    /// Scheme, host and port: `https://api.krea.ai`.
    public var origin: String { "\(scheme)://\(authority)" }

    /// Whether a picture at `address` may be shown: https on `krea.ai`, below it, or on one of `hosts`. With a simulator, also http on that
    /// server, or on a loopback host among `hosts`.
    ///
    /// Krea serves results from several hosts (`gen.krea.ai`, `app-uploads.krea.ai`). Any other host may not be Krea's, and a page that showed
    /// its pictures would send readers there.
    public func mayShow(_ address: String, also hosts: HostList = .none) -> Bool {
        guard let parts = URLComponents(string: address), let host = parts.host?.lowercased(), parts.user == nil, parts.password == nil
        else { return false }
        switch parts.scheme?.lowercased() {
        case "https" where parts.port ?? 443 == 443 && HostList.isPlain(host):
            return host == "krea.ai" || host.hasSuffix(".krea.ai") || hosts.contain(host)
        case "http" where isLoopback: return address.hasPrefix(origin + "/") || hosts.allowLoopback(host)
        default: return false
        }
    }
}

/// A text that is no possible address of Krea's API.
public struct InvalidKreaServer: Error, Hashable, Sendable {
    /// The text.
    public let text: String
}
