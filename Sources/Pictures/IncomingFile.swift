import Digests
import Glibc
import Jobs

/// A copy in the making, under a temporary name until it is whole.
final class IncomingFile {
    /// The start of every temporary name.
    static let prefix = ".incoming-"

    private let folder: OpenFolder
    private let name: String
    private var descriptor: Int32 = -1
    private let hash = SHA256()
    private var count = 0
    /// The first bytes, until they show the type.
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

    /// Adds the next bytes. Writes nothing if they are no picture.
    func append(_ bytes: [UInt8]) throws(PictureFailure) {
        guard type == nil else { return try write(bytes) }
        head += bytes
        if head.count >= PictureType.firstBytes { try begin() }
    }

    /// Gives the complete file its final name. A file under that name is whole, even after a power failure.
    ///
    /// - Throws: ``PictureFailure/cut`` if the picture is incomplete by the rules of its format.
    func keep() throws(PictureFailure) -> KeptPicture {
        if type == nil { try begin() }
        guard end?.isWhole == true else { throw .cut }
        let digits = hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        guard let type, let file = PictureFile(hash: digits, type: type) else { throw .notAPicture }
        // Everyone who may read the folder may read the file: above all, the web server.
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
