import Glibc
public import Jobs

/// A folder of copies, named by the hash of their content: `ab/cdef….png`.
///
/// It removes only such files, and those that an interrupted fetch has left behind.
public actor PictureFolder: PictureArchive {
    private let path: String
    private let source: any PictureSource
    private let queue = FileQueue()

    /// Runs on a queue that may block.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// The folder at `path`, which must exist.
    public init(path: String, source: any PictureSource) {
        self.path = path
        self.source = source
    }

    /// Whether this process may make files in the folder at `path`.
    public static func isUsable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && access(path, R_OK | W_OK | X_OK) == 0
    }

    /// Fetches a picture with only a part of it in memory; see `PictureArchive`.
    public func fetch(_ url: String) async throws(PictureFailure) -> KeptPicture {
        let bytes = try await source.open(url)
        let file = IncomingFile(in: try OpenFolder(path: path))
        while let part = try await bytes.next() { try file.append(part) }
        return try file.keep()
    }

    /// Removes a copy; see `PictureArchive`.
    public nonisolated func remove(_ file: PictureFile) throws {
        try OpenFolder(path: path).folder(file.place.shelf)?.remove(file.place.name)
    }

    /// Lists the copies older than `moment` and removes the remains of interrupted fetches; see `PictureArchive`.
    public func tidy(before moment: Timestamp) async throws -> [PictureFile] {
        let folder = try OpenFolder(path: path)
        var found: [PictureFile] = []
        for name in try folder.names() {
            if name.hasPrefix(IncomingFile.prefix) { try? folder.remove(name) }
            guard name.utf8.count == 2, name != "..", let shelf = try? folder.folder(name), let files = try? shelf.names() else { continue }
            found += files.compactMap { PictureFile(name: "\(name)/\($0)") }.filter { file in
                shelf.writtenAt(file.place.name).map { $0 < moment } ?? false
            }
        }
        return found
    }
}
