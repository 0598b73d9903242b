import Glibc

/// Tells the service manager how the service is: systemd, or one that does as it does. See sd_notify(3).
struct SystemdNotifier: Sendable {
    /// How long the service may give no sign of life; nil when there is no watchdog.
    let patience: Duration?
    /// The path of a datagram socket; one that starts with "@" is in the abstract namespace (unix(7)).
    private let path: String

    /// Nil when no service manager listens. `process` is this process: a patience that is meant for another one does not count.
    init?(environment: [String: String], process: pid_t) {
        guard let path = environment["NOTIFY_SOCKET"], path.count > 1, "/@".contains(path.prefix(1)) else { return nil }
        self.path = path
        let isWatched = environment["WATCHDOG_PID"].map { $0 == String(process) } ?? true
        patience = isWatched ? environment["WATCHDOG_USEC"].flatMap(Int64.init).flatMap { $0 > 0 ? .microseconds($0) : nil } : nil
    }

    /// Tells one or more of sd_notify's assignments, in lines; false if that was not possible.
    @discardableResult
    func tell(_ text: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        // Without what follows the name: in the abstract namespace every byte counts.
        let length = socklen_t(MemoryLayout<sockaddr_un>.offset(of: \.sun_path)! + bytes.count)

        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // A service manager that does not read holds the service up for a second and no longer.
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                Array(text.utf8).withUnsafeBytes { sendto(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL), pointer, length) }
            }
        } == text.utf8.count
    }
}
