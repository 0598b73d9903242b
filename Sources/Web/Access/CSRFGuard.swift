import HTTPTypes
import Jobs

/// Tells requests that another web site makes a browser send from those that our own pages or programs send.
enum CSRFGuard {
    /// Whether the request must not change anything.
    ///
    /// `Sec-Fetch-Site` decides where a browser sends it (Fetch Metadata: only over TLS and to loopback), else `Origin`. Who
    /// sends neither is no browser, and nobody can be tricked into being one.
    ///
    /// The origin must be the very one that the request was sent to: scheme, host and port. A port that goes without saying is the
    /// scheme's own. A proxy that ends TLS hides the scheme; then it counts what the proxy says (`X-Forwarded-Proto`, which no page can make a
    /// browser send by itself), or that this is the origin of `publicURL`.
    static func sent(_ request: HTTPRequest, publicURL: String? = nil) -> Bool {
        if let site = request.headerFields[.secFetchSite] {
            return site != "same-origin" && site != "none"
        }
        guard let origin = request.headerFields[.origin] else { return false }
        guard let sender = Host(origin: origin) else { return true }
        return sender != Host(of: request) && sender != publicURL.flatMap(Host.init(origin:))
    }

    /// The schemes of web sites, and the ports that go without saying.
    static let defaultPorts = ["http": 80, "https": 443]

    /// Where a web site is.
    struct Host: Equatable {
        /// Nil where only a host and perhaps its port are known.
        var scheme: String?
        let name: String
        var port: Int?

        /// Whether it is the same place, the name by its bytes.
        static func == (left: Host, right: Host) -> Bool {
            left.scheme == right.scheme && left.name.hasSameBytes(as: right.name) && left.port == right.port
        }

        /// The scheme, host and port of a serialised origin such as `https://example.org:8443`, or of an address there; nil for `null` and for
        /// what is no web site.
        init?(origin: String) {
            guard let end = origin.firstRange(of: "://") else { return nil }
            self.init(
                scheme: origin[..<end.lowerBound].lowercased(), authority: String(origin[end.upperBound...].prefix { $0 != "/" }))
        }

        /// The scheme, host and port that a request was sent to; nil where it does not say so.
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
    /// What proxies say of the connection that reached them.
    static let forwardedProto = HTTPField.Name("X-Forwarded-Proto")!
}
