import Glibc
import TestSupport

/// The disk of a service that was started by ``Launcher/smallDisk``.
struct SmallDisk {
    private let filler: String

    init(_ disk: String, of service: ChildProcess) {
        // What only that process sees mounted.
        filler = "/proc/\(service.process ?? 0)/root\(disk)/filler"
    }

    /// Takes all the room that is left.
    func fill() throws {
        let descriptor = open(filler, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DiskNotFilled(code: errno) }
        defer { close(descriptor) }
        let bytes = [UInt8](repeating: 0, count: 4096)
        while write(descriptor, bytes, bytes.count) > 0 {}
        guard errno == ENOSPC else { throw DiskNotFilled(code: errno) }
    }

    func makeRoom() throws {
        guard unlink(filler) == 0 else { throw DiskNotFilled(code: errno) }
    }
}

struct DiskNotFilled: Error {
    let code: Int32
}
