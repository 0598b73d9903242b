import Glibc

/// Where the server listens. Every peer that can connect is trusted, so there are Unix sockets and loopback addresses only.
public enum ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// Descriptor 0, a listening socket from systemd, spawn-fcgi or the like (FastCGI specification, section 2.2).
    case inherited
    /// A Unix socket that is made at this path.
    case unix(path: String)
    /// TCP on a loopback address, written as numbers. Port 0 lets the system choose one.
    case tcp(host: String, port: Int)

    /// Reads `unix:PATH`, `127.0.0.1:PORT` (and all of 127.0.0.0/8), `[::1]:PORT` or `localhost:PORT`, which is 127.0.0.1; ports
    /// from 1 to 65535. Anything else is refused with a sentence that names the text and what is allowed.
    public init(parsing text: String) throws(ListenError) {
        if text.hasPrefix("unix:"), text.utf8.count > 5, !text.utf8.contains(0) {
            self = .unix(path: String(text.dropFirst(5)))
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = Self.port(text[text.index(after: colon)...]),
            let host = Self.loopbackHost(text[..<colon])
        else {
            throw ListenError(
                "\"\(text)\" is no address to listen on: allowed are unix:PATH, 127.0.0.1:PORT, [::1]:PORT and localhost:PORT with a port "
                    + "from 1 to 65535; other machines must not reach the socket."
            )
        }
        self = .tcp(host: host, port: port)
    }

    /// The address as ``init(parsing:)`` reads it; of the inherited socket, words.
    public var description: String {
        switch self {
        case .inherited: "the inherited socket"
        case .unix(let path): "unix:\(path)"
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }

    private static func port(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(text), (1...65535).contains(port) else { return nil }
        return port
    }

    private static func loopbackHost(_ text: Substring) -> String? {
        if text == "localhost" { return "127.0.0.1" }
        let host = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : String(text)
        guard let address = SocketAddress(host: host, port: 0), address.isLoopback else { return nil }
        // An IPv6 address without brackets cannot be told from its port.
        guard address.isIPv6 == text.hasPrefix("[") else { return nil }
        return host
    }
}
