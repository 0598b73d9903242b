import FlyingFox
import FlyingSocks

/// An address that only this machine can reach.
enum LoopbackHost: String, Sendable, CaseIterable {
    case ip4 = "127.0.0.1"
    case name = "localhost"
    case ip6 = "::1"

    /// The host, as written in an address.
    var authority: String { self == .ip6 ? "[::1]" : "127.0.0.1" }

    func configuration(port: UInt16, timeout: Double) throws -> HTTPServer.Configuration {
        switch self {
        case .ip4, .name: .init(address: try .inet(ip4: authority, port: port), timeout: timeout, logger: .disabled)
        case .ip6: .init(address: try .inet6(ip6: rawValue, port: port), timeout: timeout, logger: .disabled)
        }
    }
}

extension Socket.Address {
    var port: UInt16? {
        switch self {
        case .ip4(_, let port), .ip6(_, let port): port
        case .unix: nil
        }
    }
}
