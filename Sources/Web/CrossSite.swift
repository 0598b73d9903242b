import HTTPTypes

/// Tells requests that another web site makes a browser send from those that our own pages or programs send.
enum CrossSite {
    /// Whether the request must not change anything.
    ///
    /// `Sec-Fetch-Site` decides where a browser sends it (Fetch Metadata: only over TLS and to loopback), else `Origin`. Who
    /// sends neither is no browser, and nobody can be tricked into being one.
    ///
    /// Of the origin, host and port must be those that the request was sent to. Its scheme is not compared, because a proxy
    /// that ends TLS hides it; a port is compared only where the web server passes one on (Debian's `fastcgi_params` does not).
    static func sent(_ request: HTTPRequest) -> Bool {
        if let site = request.headerFields[.secFetchSite] {
            return site != "same-origin" && site != "none"
        }
        guard let origin = request.headerFields[.origin] else { return false }
        guard let sender = Host(origin: origin), let here = Host(authority: request.authority ?? "") else { return true }
        return sender.name != here.name || here.port != nil && sender.port != here.port
    }

    /// The schemes of web sites, and the ports that go without saying.
    static let defaultPorts = ["http": 80, "https": 443]

    /// Where a web site is.
    struct Host {
        let name: String
        let port: Int?

        /// The host of a serialised origin such as `https://example.org:8443`; nil for `null` and for what is no web site.
        init?(origin: String) {
            guard
                let end = origin.firstRange(of: "://"), let defaultPort = CrossSite.defaultPorts[origin[..<end.lowerBound].lowercased()],
                let host = Host(authority: String(origin[end.upperBound...]))
            else { return nil }
            self.init(name: host.name, port: host.port ?? defaultPort)
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
}
