import Glibc
public import Jobs

/// A folder of copies: `ab/cdef….png`, two digits and the rest of the hash of what is in the file.
///
/// Nothing but such files, and files that a fetch has left behind, is ever removed from it.
public actor PictureFolder: PictureArchive {
    private let path: String
    private let source: any PictureSource
    private let queue = FileQueue()

    /// Runs where it may block.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// The folder at `path`, which has to be there.
    public init(path: String, source: any PictureSource) {
        self.path = path
        self.source = source
    }

    /// Whether `path` is a folder in which this process may make files.
    public static func isUsable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && access(path, R_OK | W_OK | X_OK) == 0
    }

    /// Fetches a picture, never more than a part of it in memory; see `PictureArchive`.
    public func fetch(_ url: String) async throws(PictureFailure) -> KeptPicture {
        let bytes = try await source.open(url)
        let file = IncomingFile(in: path)
        while let part = try await bytes.next() { try file.append(part) }
        return try file.keep()
    }

    /// Removes a copy; see `PictureArchive`.
    public nonisolated func remove(_ file: PictureFile) throws {
        guard unlink("\(path)/\(file.name)") != 0, errno != ENOENT else { return }
        throw PictureFailure.notStored(reason: "a file cannot be removed: \(String(cString: strerror(errno)))")
    }

    /// Finds the copies that are older than `moment`, and removes what interrupted fetches have left; see `PictureArchive`.
    public func tidy(before moment: Timestamp) async throws -> [PictureFile] {
        var found: [PictureFile] = []
        for name in try names(in: path) {
            if name.hasPrefix(IncomingFile.prefix) { unlink("\(path)/\(name)") }
            guard name.utf8.count == 2, let files = try? names(in: "\(path)/\(name)") else { continue }
            found += files.compactMap { PictureFile(name: "\(name)/\($0)") }.filter { file in
                madeAt(file).map { $0 < moment } ?? false
            }
        }
        return found
    }

    private func names(in folder: String) throws -> [String] {
        guard let directory = opendir(folder) else {
            throw PictureFailure.notStored(reason: "a folder cannot be read: \(String(cString: strerror(errno)))")
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

    private func madeAt(_ file: PictureFile) -> Timestamp? {
        var status = stat()
        guard lstat("\(path)/\(file.name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Timestamp(milliseconds: Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000)
    }
}
