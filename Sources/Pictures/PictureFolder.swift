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
        let file = IncomingFile(in: try OpenFolder(path: path))
        while let part = try await bytes.next() { try file.append(part) }
        return try file.keep()
    }

    /// Removes a copy; see `PictureArchive`.
    public nonisolated func remove(_ file: PictureFile) throws {
        try OpenFolder(path: path).folder(file.place.shelf)?.remove(file.place.name)
    }

    /// Finds the copies that are older than `moment`, and removes what interrupted fetches have left; see `PictureArchive`.
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
