import Glibc

/// Notifies systemd, or a service manager with the same protocol. See sd_notify(3).
struct SystemdNotifier: Sendable {
    /// The longest time between signs of life; nil without a watchdog.
    let patience: Duration?
    /// The path of a datagram socket; one that starts with "@" is in the abstract namespace (unix(7)).
    private let path: String

    /// Nil if no service manager listens. `process` is this process; a watchdog for another process is ignored.
    init?(environment: [String: String], process: pid_t) {
        guard let path = environment["NOTIFY_SOCKET"], path.count > 1, "/@".contains(path.prefix(1)) else { return nil }
        self.path = path
        let isWatched = environment["WATCHDOG_PID"].map { $0 == String(process) } ?? true
        patience = isWatched ? environment["WATCHDOG_USEC"].flatMap(Int64.init).flatMap { $0 > 0 ? .microseconds($0) : nil } : nil
    }

    /// Sends sd_notify assignments, one per line. Returns false if that failed.
    @discardableResult
    func tell(_ text: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        // Without the bytes after the name: in the abstract namespace every byte counts.
        let length = socklen_t(MemoryLayout<sockaddr_un>.offset(of: \.sun_path)! + bytes.count)

        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // A service manager that does not read delays the service by a second at most.
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                Array(text.utf8).withUnsafeBytes { sendto(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL), pointer, length) }
            }
        } == text.utf8.count
    }
}
