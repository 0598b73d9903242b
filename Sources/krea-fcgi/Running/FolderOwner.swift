import Glibc

/// The owner of the folder in which a command works, for a command run by root.
///
/// SQLite opens files by name, and a folder's owner can replace them with links at any moment. So root first becomes that owner, permanently and
/// confined to the folder. Then a link reaches nothing that the owner could not reach anyway.
struct FolderOwner {
    private let folder: FolderHandle
    private let path: String
    private let user: uid_t
    private let group: gid_t

    /// A descriptor that is closed on release.
    private final class FolderHandle {
        let descriptor: Int32
        init(_ descriptor: Int32) { self.descriptor = descriptor }
        deinit { close(descriptor) }
    }

    /// Prepares for a command that makes files in `file`'s folder: if root runs it in another user's folder, the process becomes that user.
    ///
    /// - Returns: The file's path from then on.
    /// - Throws: ``UntrustedFolder``
    static func enter(folderOf file: String) throws(UntrustedFolder) -> String {
        guard let owner = try FolderOwner(ofFolderOf: file) else { return file }
        try owner.become()
        return "/" + (file.split(separator: "/").last.map(String.init) ?? "")
    }

    /// Nil if no privilege has to be dropped: the process is not root, or only root can write to the folder.
    init?(ofFolderOf file: String) throws(UntrustedFolder) {
        guard geteuid() == 0 else { return nil }
        let path = ConfigurationCheck.folder(of: file)
        let folder = FolderHandle(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        var status = stat()
        // A missing folder is reported by the command that needs it.
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

    /// Makes this process the folder's owner, with the folder as its whole file system. Open files stay open.
    func become() throws(UntrustedFolder) {
        var groups = [group]
        guard fchdir(folder.descriptor) == 0, chroot(".") == 0, chdir("/") == 0, setgroups(1, &groups) == 0, setgid(group) == 0,
            setuid(user) == 0
        else { throw UntrustedFolder(path, "cannot be entered as its owner (\(String(cString: strerror(errno))))") }
        // The change of user has reset the flag.
        CoreDump.prevent()
    }

    /// Every folder and link on the way to a path, as written and as resolved.
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

/// A folder that root would have to trust another user with. One sentence for the operator.
struct UntrustedFolder: Error, Equatable, CustomStringConvertible {
    let description: String

    fileprivate init(_ path: String, _ problem: String) {
        description = "\(path) \(problem), so root does not work there: run this as the service's user."
    }
}
