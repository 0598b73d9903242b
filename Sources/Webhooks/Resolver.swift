import Dispatch
import Glibc
public import Jobs

/// Resolves host names.
public protocol Resolver: Sendable {
    /// All addresses of a host, in the order to try them; for an IPv4 address, that address. Empty if there is none by `deadline`.
    func addresses(of host: String, until deadline: ContinuousClock.Instant) async -> [NetworkAddress]
}

/// The resolver of the system, getaddrinfo(3).
public struct SystemResolver: Resolver {
    /// A resolver; it has no state.
    public init() {}

    /// All addresses of a host; see ``Resolver``.
    public func addresses(of host: String, until deadline: ContinuousClock.Instant) async -> [NetworkAddress] {
        // getaddrinfo blocks without a limit, so it gets its own thread, and this waits no longer than the deadline.
        let (found, continuation) = AsyncStream.makeStream(of: [NetworkAddress].self)
        DispatchQueue.global().async {
            continuation.yield(Self.lookUp(host))
            continuation.finish()
        }
        let timer = Task {
            try await Task.sleep(until: deadline)
            continuation.finish()
        }
        defer { timer.cancel() }
        for await addresses in found { return addresses }
        return []
    }

    private static func lookUp(_ host: String) -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        return sequence(first: list) { $0?.pointee.ai_next }.compactMap { entry in
            guard let entry = entry?.pointee, let address = UnsafeRawPointer(entry.ai_addr) else { return nil }
            switch entry.ai_family {
            case AF_INET:
                return withUnsafeBytes(of: address.loadUnaligned(as: sockaddr_in.self).sin_addr) { NetworkAddress(bytes: Array($0)) }
            case AF_INET6:
                return withUnsafeBytes(of: address.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { NetworkAddress(bytes: Array($0)) }
            default: return nil
            }
        }
    }
}
