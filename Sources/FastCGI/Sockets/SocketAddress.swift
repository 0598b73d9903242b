import Glibc

/// A socket address as the system calls take it.
struct SocketAddress {
    private var storage = sockaddr_storage()
    private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    /// An address of numbers; nil if `host` is none.
    init?(host: String, port: UInt16) {
        var ipv4 = sockaddr_in()
        var ipv6 = sockaddr_in6()
        if inet_pton(AF_INET, host, &ipv4.sin_addr) == 1 {
            ipv4.sin_family = sa_family_t(AF_INET)
            ipv4.sin_port = port.bigEndian
            set(ipv4)
        } else if inet_pton(AF_INET6, host, &ipv6.sin6_addr) == 1 {
            ipv6.sin6_family = sa_family_t(AF_INET6)
            ipv6.sin6_port = port.bigEndian
            set(ipv6)
        } else {
            return nil
        }
    }

    /// The address of a Unix socket; nil if the path does not fit with the zero that ends it.
    init?(path: String) {
        var unix = sockaddr_un()
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, !bytes.contains(0), bytes.count < Self.pathCapacity else { return nil }
        unix.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &unix.sun_path) { $0.copyBytes(from: bytes) }
        set(unix)
    }

    /// The address that a socket is bound to; nil if it is no socket.
    init?(boundTo descriptor: Int32) {
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else { return nil }
    }

    /// How many bytes a path may take, with the zero that ends it.
    static let pathCapacity = MemoryLayout.size(ofValue: sockaddr_un().sun_path)

    var family: Int32 { Int32(storage.ss_family) }
    var isIPv6: Bool { family == AF_INET6 }
    var isUnix: Bool { family == AF_UNIX }

    var isLoopback: Bool {
        switch family {
        case AF_INET: view(as: sockaddr_in.self) { UInt32(bigEndian: $0.sin_addr.s_addr) >> 24 == 127 }
        case AF_INET6:
            view(as: sockaddr_in6.self) { address in
                withUnsafeBytes(of: address.sin6_addr) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
            }
        default: false
        }
    }

    /// The same address as an operator would write it.
    var listenAddress: ListenAddress? {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        switch family {
        case AF_INET:
            return view(as: sockaddr_in.self) { address in
                var number = address.sin_addr
                inet_ntop(AF_INET, &number, &text, socklen_t(text.count))
                return .tcp(host: Self.string(text), port: Int(UInt16(bigEndian: address.sin_port)))
            }
        case AF_INET6:
            return view(as: sockaddr_in6.self) { address in
                var number = address.sin6_addr
                inet_ntop(AF_INET6, &number, &text, socklen_t(text.count))
                return .tcp(host: Self.string(text), port: Int(UInt16(bigEndian: address.sin6_port)))
            }
        case AF_UNIX:
            return view(as: sockaddr_un.self) { address in
                withUnsafeBytes(of: address.sun_path) { .unix(path: String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)) }
            }
        default: return nil
        }
    }

    /// Calls a system call that takes an address.
    func pass<Result>(to call: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, length) }
        }
    }

    private mutating func set<Address>(_ address: Address) {
        withUnsafeMutableBytes(of: &storage) { storage in
            withUnsafeBytes(of: address) { storage.copyMemory(from: $0) }
        }
        length = socklen_t(MemoryLayout<Address>.size)
    }

    private func view<Address, Result>(as type: Address.Type, _ body: (Address) -> Result) -> Result {
        withUnsafeBytes(of: storage) { body($0.load(as: Address.self)) }
    }

    private static func string(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
