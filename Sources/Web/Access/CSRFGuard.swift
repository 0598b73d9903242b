import HTTPTypes
import Jobs

/// Recognises requests that another web site makes a browser send.
enum CSRFGuard {
    /// Whether another web site caused the request, which must then change nothing.
    ///
    /// `Sec-Fetch-Site` decides if it is there (browsers send it only over TLS and to loopback), else `Origin`. A client that sends
    /// neither is no browser.
    ///
    /// The origin must match the request's target in scheme, host and port. Behind a proxy that ends TLS, the scheme comes from
    /// `X-Forwarded-Proto`, which no page can set, or the origin must be that of `publicURL`.
    static func sent(_ request: HTTPRequest, publicURL: String? = nil) -> Bool {
        if let site = request.headerFields[.secFetchSite] {
            return site != "same-origin" && site != "none"
        }
        guard let origin = request.headerFields[.origin] else { return false }
        guard let sender = Host(origin: origin) else { return true }
        return sender != Host(of: request) && sender != publicURL.flatMap(Host.init(origin:))
    }

    /// The schemes of web sites, and their default ports.
    static let defaultPorts = ["http": 80, "https": 443]

    /// The scheme, host and port of a web site.
    struct Host: Equatable {
        /// Nil if only the host and perhaps the port are known.
        var scheme: String?
        let name: String
        var port: Int?

        /// Compares names by their bytes.
        static func == (left: Host, right: Host) -> Bool {
            left.scheme == right.scheme && left.name.hasSameBytes(as: right.name) && left.port == right.port
        }

        /// The scheme, host and port of an origin such as `https://example.org:8443`, or of an address there; nil for `null` and anything
        /// else that is not a web site.
        init?(origin: String) {
            guard let end = origin.firstRange(of: "://") else { return nil }
            self.init(
                scheme: origin[..<end.lowerBound].lowercased(), authority: String(origin[end.upperBound...].prefix { $0 != "/" }))
        }

        /// The scheme, host and port that a request was sent to; nil if it does not say.
        init?(of request: HTTPRequest) {
            let forwarded = request.headerFields[.forwardedProto].map { $0.trimmingSpaces.lowercased() }
            self.init(scheme: forwarded ?? request.scheme ?? "http", authority: request.authority ?? "")
        }

        private init?(scheme: String, authority: String) {
            guard let defaultPort = CSRFGuard.defaultPorts[scheme], let host = Host(authority: authority) else { return nil }
            self.init(name: host.name, port: host.port ?? defaultPort)
            self.scheme = scheme
        }

        /// The host of `example.org`, `example.org:8080` or `[::1]:8080`.
        init?(authority: String) {
            let colon = authority.lastIndex(of: ":").flatMap { authority[$0...].contains("]") ? nil : $0 }
            guard let colon else {
                self.init(name: authority.lowercased(), port: nil)
                return
            }
            guard let port = Int(authority[authority.index(after: colon)...]) else { return nil }
            self.init(name: authority[..<colon].lowercased(), port: port)
        }

        private init?(name: String, port: Int?) {
            guard !name.isEmpty else { return nil }
            self.name = name
            self.port = port
        }
    }
}

extension HTTPField.Name {
    /// Fetch Metadata Request Headers, section 2.3.
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
    /// The scheme of the connection that reached a proxy.
    static let forwardedProto = HTTPField.Name("X-Forwarded-Proto")!
}
