import Digests
import Glibc
import Jobs

/// A copy that is being made, under a name of its own until it is whole.
final class IncomingFile {
    /// What the names begin with.
    static let prefix = ".incoming-"

    private let folder: String
    private let path: String
    private var descriptor: Int32 = -1
    private let hash = SHA256()
    private var count = 0
    /// Bytes that have come before it is clear what they are.
    private var head: [UInt8] = []
    private var type: PictureType?

    init(in folder: String) {
        self.folder = folder
        path = "\(folder)/\(Self.prefix)\(String(UInt64.random(in: .min ... .max), radix: 16))"
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(path)
    }

    /// Adds what comes next. Nothing is written of what is no picture.
    func append(_ bytes: [UInt8]) throws(PictureFailure) {
        guard type == nil else { return try write(bytes) }
        head += bytes
        if head.count >= PictureType.firstBytes { try begin() }
    }

    /// All has come: gives it its name, so that whoever sees the name sees the whole, also after a loss of power.
    func keep() throws(PictureFailure) -> KeptPicture {
        if type == nil { try begin() }
        let digits = hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        guard let type, let file = PictureFile(hash: digits, type: type) else { throw .notAPicture }
        // Who may look into the folder, the web server above all, may read what is in it.
        let mode = mode(of: folder)
        try check(fchmod(descriptor, mode & 0o444 | 0o200), "the mode of a file cannot be set")
        try check(fsync(descriptor), "a file cannot be written")

        let shelf = "\(folder)/\(file.name.prefix(2))"
        if mkdir(shelf, 0o700) == 0 {
            try check(chmod(shelf, mode), "the mode of a folder cannot be set")
            try sync(folder: folder)
        }
        try check(rename(path, "\(folder)/\(file.name)"), "a file cannot be named")
        close(descriptor)
        descriptor = -1
        try sync(folder: shelf)
        return KeptPicture(file: file, bytes: count)
    }

    private func begin() throws(PictureFailure) {
        guard let type = PictureType(firstBytes: head) else { throw .notAPicture }
        self.type = type
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        try check(descriptor, "a file cannot be made")
        try write(head)
        head = []
    }

    private func write(_ bytes: [UInt8]) throws(PictureFailure) {
        hash.update(bytes)
        count += bytes.count
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            try check(Int32(clamping: written), "a file cannot be written")
            rest = rest.dropFirst(written)
        }
    }

    private func sync(folder: String) throws(PictureFailure) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(descriptor) }
        try check(descriptor, "a folder cannot be opened")
        try check(fsync(descriptor), "a folder cannot be written")
    }

    private func mode(of folder: String) -> mode_t {
        var status = stat()
        return stat(folder, &status) == 0 ? status.st_mode & 0o7777 : 0o700
    }

    private func check(_ result: Int32, _ what: String) throws(PictureFailure) {
        guard result >= 0 else { throw .notStored(reason: "\(what): \(String(cString: strerror(errno)))") }
    }
}
