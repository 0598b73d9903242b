import Digests
import Glibc
import Jobs

/// A copy that is being made, under a name of its own until it is whole.
final class IncomingFile {
    /// What the names begin with.
    static let prefix = ".incoming-"

    private let folder: OpenFolder
    private let name: String
    private var descriptor: Int32 = -1
    private let hash = SHA256()
    private var count = 0
    /// Bytes that have come before it is clear what they are.
    private var head: [UInt8] = []
    private var type: PictureType?
    private var end: PictureEnd?

    init(in folder: OpenFolder) {
        self.folder = folder
        name = "\(Self.prefix)\(String(UInt64.random(in: .min ... .max), radix: 16))"
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        try? folder.remove(name)
    }

    /// Adds what comes next. Nothing is written of what is no picture.
    func append(_ bytes: [UInt8]) throws(PictureFailure) {
        guard type == nil else { return try write(bytes) }
        head += bytes
        if head.count >= PictureType.firstBytes { try begin() }
    }

    /// All has come: gives it its name, so that whoever sees the name sees the whole, also after a loss of power.
    ///
    /// - Throws: ``PictureFailure/cut`` when the picture goes on, by what its format says.
    func keep() throws(PictureFailure) -> KeptPicture {
        if type == nil { try begin() }
        guard end?.isWhole == true else { throw .cut }
        let digits = hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        guard let type, let file = PictureFile(hash: digits, type: type) else { throw .notAPicture }
        // Who may look into the folder, the web server above all, may read what is in it.
        try OpenFolder.check(fchmod(descriptor, folder.mode & 0o444 | 0o200), "the mode of a file cannot be set")
        try OpenFolder.check(fsync(descriptor), "a file cannot be written")

        let shelf = try folder.makeFolder(file.place.shelf)
        try folder.move(name, to: shelf, as: file.place.name)
        close(descriptor)
        descriptor = -1
        try shelf.sync()
        return KeptPicture(file: file, bytes: count)
    }

    private func begin() throws(PictureFailure) {
        guard let type = PictureType(firstBytes: head) else { throw .notAPicture }
        self.type = type
        end = PictureEnd(type)
        descriptor = try folder.makeFile(name)
        try write(head)
        head = []
    }

    private func write(_ bytes: [UInt8]) throws(PictureFailure) {
        hash.update(bytes)
        end?.take(bytes)
        count += bytes.count
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            try OpenFolder.check(Int32(clamping: written), "a file cannot be written")
            rest = rest.dropFirst(written)
        }
    }
}
