import Glibc
import Jobs

/// An open folder. Its methods act on names in exactly this folder and never follow a symbolic link.
final class OpenFolder {
    private let descriptor: Int32

    private init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Opens the folder at the operator's path, which may be a link.
    convenience init(path: String) throws(PictureFailure) {
        self.init(try Self.check(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "a folder cannot be opened"))
    }

    /// Opens a folder in this one; nil if there is none.
    func folder(_ name: String) throws(PictureFailure) -> OpenFolder? {
        let found = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard found < 0, errno == ENOENT else { return OpenFolder(try Self.check(found, "a folder cannot be opened")) }
        return nil
    }

    /// Opens a folder in this one, and makes it with this one's mode if needed.
    func makeFolder(_ name: String) throws(PictureFailure) -> OpenFolder {
        if let folder = try folder(name) { return folder }
        let isMade = mkdirat(descriptor, name, 0o700) == 0
        guard let folder = try folder(name) else { throw .notStored(reason: "a folder cannot be made") }
        if isMade {
            try Self.check(fchmod(folder.descriptor, mode), "the mode of a folder cannot be set")
            try sync()
        }
        return folder
    }

    /// Makes a file and returns its descriptor, which belongs to the caller.
    func makeFile(_ name: String) throws(PictureFailure) -> Int32 {
        try Self.check(openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600), "a file cannot be made")
    }

    /// Moves a file to another folder, where it replaces a file with the same name.
    func move(_ name: String, to folder: OpenFolder, as newName: String) throws(PictureFailure) {
        try Self.check(renameat(descriptor, name, folder.descriptor, newName), "a file cannot be named")
    }

    /// Removes a file. A missing file is no error.
    func remove(_ name: String) throws(PictureFailure) {
        guard unlinkat(descriptor, name, 0) != 0, errno != ENOENT else { return }
        try Self.check(-1, "a file cannot be removed")
    }

    /// When a file was last written; nil if there is none.
    func writtenAt(_ name: String) -> Timestamp? {
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        // A timespec is two words (time.h). By name the compiler finds them or not, depending on what other files here import.
        let (seconds, nanoseconds) = unsafeBitCast(status.st_mtim, to: (Int, Int).self)
        return Timestamp(milliseconds: Int64(seconds) * 1000 + Int64(nanoseconds) / 1_000_000)
    }

    /// The names of all entries.
    func names() throws(PictureFailure) -> [String] {
        // Reading moves the descriptor's position, which a duplicate would share: so the folder is opened again.
        let reading = try Self.check(openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "a folder cannot be read")
        guard let directory = fdopendir(reading) else {
            close(reading)
            throw .notStored(reason: "a folder cannot be read")
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }

    /// The folder's permission bits.
    var mode: mode_t {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status.st_mode & 0o7777 : 0o700
    }

    /// Writes the folder's entries to disk, so that they survive a power failure.
    func sync() throws(PictureFailure) {
        try Self.check(fsync(descriptor), "a folder cannot be written")
    }

    /// The result of a system call, unless the call failed.
    @discardableResult
    static func check(_ result: Int32, _ what: String) throws(PictureFailure) -> Int32 {
        guard result >= 0 else { throw .notStored(reason: "\(what): \(String(cString: strerror(errno)))") }
        return result
    }
}

extension PictureFile {
    /// The sub-folder, and the file's name in it.
    var place: (shelf: String, name: String) {
        let parts = name.split(separator: "/").map(String.init)
        return (parts[0], parts[1])
    }
}
