import Glibc

/// A user with all groups, to check rights on files.
struct Account: Equatable, Sendable {
    let name: String
    let user: uid_t
    /// The group that new files get.
    let group: gid_t
    let groups: Set<gid_t>

    /// The user that this process runs as.
    static var present: Account {
        var groups = [gid_t](repeating: 0, count: 256)
        let count = getgroups(Int32(groups.count), &groups)
        let name = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(geteuid())"
        return Account(name: name, user: geteuid(), group: getegid(), groups: Set(groups.prefix(max(0, Int(count))) + [getegid()]))
    }

    init(name: String, user: uid_t, group: gid_t, groups: Set<gid_t>) {
        self.name = name
        self.user = user
        self.group = group
        self.groups = groups
    }

    /// A user of this machine; nil if there is none with this name.
    init?(named name: String) {
        guard let entry = getpwnam(name)?.pointee else { return nil }
        var groups = [gid_t](repeating: 0, count: 256)
        var count = Int32(groups.count)
        guard getgrouplist(name, entry.pw_gid, &groups, &count) >= 0 else { return nil }
        self.init(name: name, user: entry.pw_uid, group: entry.pw_gid, groups: Set(groups.prefix(Int(count))))
    }

    /// The usual users of web servers that exist on this machine.
    static var webServers: [Account] {
        ["www-data", "nginx", "apache", "http", "caddy", "lighttpd"].compactMap(Account.init(named:))
    }

    /// Whether a file's mode grants this account these rights: 4 to read, 2 to write, 1 to search (inode(7)). Root has all.
    func may(_ rights: mode_t, _ file: FileFacts) -> Bool {
        if user == 0 { return true }
        let given = file.owner == user ? file.mode >> 6 : groups.contains(file.group) ? file.mode >> 3 : file.mode
        return given & rights == rights
    }
}

/// The kind, mode and owner of a file.
struct FileFacts: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        case folder, file, socket, other
    }

    let kind: Kind
    let mode: mode_t
    let owner: uid_t
    let group: gid_t

    init(_ kind: Kind, mode: mode_t, owner: uid_t, group: gid_t) {
        self.kind = kind
        self.mode = mode
        self.owner = owner
        self.group = group
    }

    /// Nil if there is no such file, or it is out of reach.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let kind: Kind =
            switch status.st_mode & S_IFMT {
            case S_IFDIR: .folder
            case S_IFREG: .file
            case S_IFSOCK: .socket
            default: .other
            }
        self.init(kind, mode: status.st_mode & 0o7777, owner: status.st_uid, group: status.st_gid)
    }
}
