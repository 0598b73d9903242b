import Foundation
package import Glibc

/// Ports of this machine, as the calls on sockets want them.
package enum Loopback {
    /// What `call` returns for 127.0.0.1 and a port.
    package static func at<Result>(_ port: Int, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }

    /// A socket that listens on a free port.
    package static func listen() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard at(0, { bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 64) == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        return (descriptor, port(of: descriptor))
    }

    /// The port to which a socket is bound.
    private static func port(of descriptor: Int32) -> Int {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
