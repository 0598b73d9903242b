import Glibc

/// The user to whom the folder belongs in which a command works, when root runs it.
///
/// SQLite opens files by their names, and who owns a folder can put a link in their place at any moment. So root becomes that user first,
/// for good and shut in that folder: then nothing can be reached through a link that the user could not reach anyway.
struct FolderOwner {
    private let folder: FolderHandle
    private let path: String
    private let user: uid_t
    private let group: gid_t

    /// Closes the folder in the end.
    private final class FolderHandle {
        let descriptor: Int32
        init(_ descriptor: Int32) { self.descriptor = descriptor }
        deinit { close(descriptor) }
    }

    /// Prepares for a command on `file`, in whose folder it may make other files: becomes the folder's owner if root runs the command and the
    /// folder is another user's.
    ///
    /// - Returns: The path of the file from then on.
    /// - Throws: ``UntrustedFolder``
    static func enter(folderOf file: String) throws(UntrustedFolder) -> String {
        guard let owner = try FolderOwner(ofFolderOf: file) else { return file }
        try owner.become()
        return "/" + (file.split(separator: "/").last.map(String.init) ?? "")
    }

    /// Nil where nothing has to be given up: root does not run this, or only root can put anything into the folder.
    init?(ofFolderOf file: String) throws(UntrustedFolder) {
        guard geteuid() == 0 else { return nil }
        let path = ConfigurationCheck.folder(of: file)
        let folder = FolderHandle(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        var status = stat()
        // A missing folder is reported where it is needed.
        guard folder.descriptor >= 0, fstat(folder.descriptor, &status) == 0 else { return nil }
        let strangers = Self.above(path).compactMap(Self.owner).filter { $0 != 0 && $0 != status.st_uid }
        guard strangers.isEmpty else { throw UntrustedFolder(path, "is reached through a folder of another user") }
        guard status.st_uid != 0 else {
            guard status.st_mode & (S_IWGRP | S_IWOTH) == 0 else { throw UntrustedFolder(path, "may be written by others than its owner") }
            return nil
        }
        self.folder = folder
        self.path = path
        (user, group) = (status.st_uid, status.st_gid)
    }

    /// From here on this process is the folder's owner, and the folder is all that it sees of the file system. What is open stays open.
    func become() throws(UntrustedFolder) {
        var groups = [group]
        guard fchdir(folder.descriptor) == 0, chroot(".") == 0, chdir("/") == 0, setgroups(1, &groups) == 0, setgid(group) == 0,
            setuid(user) == 0
        else { throw UntrustedFolder(path, "cannot be entered as its owner (\(String(cString: strerror(errno))))") }
        // The system has taken the mark back with the former user.
        CoreDump.prevent()
    }

    /// Every folder and link on the way to a path, as it is written and as it is.
    private static func above(_ path: String) -> [String] {
        var real: [String] = []
        if let resolved = realpath(path, nil) {
            real.append(String(cString: resolved))
            free(resolved)
        }
        return ([path] + real).flatMap { path in
            var place = path
            var places = [place]
            while place != "/", place != "." {
                place = ConfigurationCheck.folder(of: place)
                places.append(place)
            }
            return places
        }
    }

    private static func owner(_ path: String) -> uid_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_uid : nil
    }
}

/// Root would have to trust another user with a folder: one sentence for the operator.
struct UntrustedFolder: Error, Equatable, CustomStringConvertible {
    let description: String

    fileprivate init(_ path: String, _ problem: String) {
        description = "\(path) \(problem), so root does not work there: run this as the service's user."
    }
}
