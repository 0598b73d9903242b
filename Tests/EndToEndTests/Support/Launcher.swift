import Glibc
import TestSupport

/// What starts the service in place of the test itself. What is mounted is seen by nobody else, and is gone with the service, however that ends.
enum Launcher: Equatable {
    /// The store is on a small disk of its own.
    case smallDisk
    /// All files of the stack are on a disk that can only be read.
    case readOnlyDisk
    /// As the README has it, with the socket as descriptor 0.
    case spawnFCGI
    /// The same with so many services on one socket.
    case multiwatch(Int)
    /// It may have so many descriptors and no more.
    case descriptors(Int)
    /// What it logs goes through a pipe, and another process on; that process is named in the file `relay`.
    case relayedLog

    /// Whether this process may mount anything.
    static var canMount: Bool { geteuid() == 0 }

    /// Whether the service finds its socket as descriptor 0.
    var makesSocket: Bool {
        switch self {
        case .spawnFCGI, .multiwatch: true
        case .smallDisk, .readOnlyDisk, .descriptors, .relayedLog: false
        }
    }

    /// The disk of the store, where it has one of its own.
    func disk(_ folder: TemporaryFolder) -> String? { self == .smallDisk ? folder.file("disk") : nil }

    /// What the service needs to know.
    func environment(_ folder: TemporaryFolder) -> [String: String] {
        disk(folder).map { ["KREA_FCGI_STORE": "\($0)/jobs.sqlite"] } ?? [:]
    }

    /// The command that starts `service`.
    func command(_ service: [String], in folder: TemporaryFolder) -> [String] {
        let spawn = ["/usr/bin/spawn-fcgi", "-n", "-s", folder.file("krea-fcgi.sock"), "-M", "0660", "--"]
        return switch self {
        case .smallDisk: Self.mounting(#"mkdir "$1" && mount -t tmpfs -o size=4m,mode=0755 tmpfs "$1""#, disk(folder) ?? "", service)
        case .readOnlyDisk: Self.mounting(#"mount --bind "$1" "$1" && mount -o remount,bind,ro "$1""#, folder.path, service)
        case .spawnFCGI: spawn + service
        case .descriptors(let count): ["/bin/sh", "-c", "ulimit -n \(count) && exec \"$@\"", "sh"] + service
        case .relayedLog:
            [
                "/bin/sh", "-c", #"mkfifo "$1.pipe" && { cat <"$1.pipe" >&2 & echo $! >"$1"; } && shift && exec "$@" 2>"$0.pipe""#,
                folder.file("relay"), folder.file("relay"),
            ] + service
        case .multiwatch(let count): spawn + ["/usr/bin/multiwatch", "-s", "TERM", "-f", "\(count)", "--"] + service
        }
    }

    private static func mounting(_ script: String, _ folder: String, _ service: [String]) -> [String] {
        ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", script + #" && shift && exec "$@""#, "sh", folder] + service
    }
}
