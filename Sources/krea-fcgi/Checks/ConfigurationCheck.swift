import FastCGI
import Glibc
import Jobs
import KreaAPI

/// Checks the files and folders that the configuration names, with the rights of the service's user.
struct ConfigurationCheck {
    enum Finding: Equatable, CustomStringConvertible {
        /// The service would not start, or not work.
        case error(String)
        /// The operator should look at it.
        case warning(String)

        var description: String {
            switch self {
            case .error(let sentence): "error: \(sentence)"
            case .warning(let sentence): "warning: \(sentence)"
            }
        }
    }

    let configuration: ServiceConfiguration
    /// The service's user.
    let account: Account
    /// The possible users of the web server.
    let webServers: [Account]
    let facts: (_ path: String) -> FileFacts?
    /// The name of a group.
    let groupName: (gid_t) -> String

    var findings: [Finding] { socketFindings + storeFindings + pictureFindings + secretFindings + proxyFindings }

    /// Problems with the socket's folder, or with a web server that cannot connect.
    private var socketFindings: [Finding] {
        guard case .unix(let path) = configuration.listenAddress else { return [] }
        let folderPath = Self.folder(of: path)
        let name = Settings.listen.variable
        guard let folder = facts(folderPath), folder.kind == .folder else {
            return [socketError("the folder \(folderPath) of the socket is not there")]
        }
        guard account.may(3, folder) else {
            return [socketError("\(account.name) cannot make a socket in \(folderPath) (\(text(folder)))")]
        }
        // The socket gets mode 0660 and the service's group, or that of a set-group-ID folder.
        let group = folder.mode & S_ISGID != 0 ? folder.group : account.group
        let socket = FileFacts(.socket, mode: 0o660, owner: account.user, group: group)
        guard !webServers.isEmpty else { return [] }
        let names = webServers.map(\.name).joined(separator: ", ")
        guard webServers.contains(where: { $0.may(2, socket) }) else {
            return [
                .warning(
                    "\(name): the socket will belong to the group \(groupName(group)), in which none of \(names) is: the web server cannot connect."
                )
            ]
        }
        guard let closed = firstClosed(above: path, to: webServers) else { return [] }
        return [.warning("\(name): none of \(names) gets through \(closed), so the web server cannot connect.")]
    }

    /// Only a warning if the socket's address is the default, because systemd may then pass the socket.
    private func socketError(_ words: String) -> Finding {
        let name = Settings.listen.variable
        return configuration.listen == nil
            ? .warning("\(name): \(words), unless the socket is handed over as descriptor 0.") : .error("\(name): \(words).")
    }

    private var storeFindings: [Finding] {
        let (path, name) = (configuration.storePath, Settings.store.variable)
        let folderPath = Self.folder(of: path)
        guard let folder = facts(folderPath), folder.kind == .folder else {
            return [.error("\(name): the folder \(folderPath) of the store is not there.")]
        }
        var findings: [Finding] = []
        if !account.may(7, folder) {
            findings.append(.error("\(name): \(account.name) cannot make files in \(folderPath) (\(text(folder))), which SQLite has to."))
        }
        if let file = facts(path) {
            if file.kind != .file || !account.may(6, file) {
                findings.append(.error("\(name): \(account.name) cannot read and write \(path) (\(text(file)))."))
            }
            if file.mode & 0o077 != 0 {
                findings.append(
                    .warning("\(name): others than the owner may open \(path) (\(text(file))), in which prompts are: run chmod 0600 on it.")
                )
            }
        }
        return findings
    }

    private var pictureFindings: [Finding] {
        guard let path = configuration.imagesPath, let folder = facts(path) else { return [] }
        let name = Settings.images.variable
        if !account.may(7, folder) { return [.error("\(name): \(account.name) cannot write to \(path) (\(text(folder))).")] }
        guard !webServers.isEmpty else { return [] }
        let names = webServers.map(\.name).joined(separator: ", ")
        if !webServers.contains(where: { $0.may(5, folder) }) {
            return [.warning("\(name): none of \(names) can read \(path) (\(text(folder))), so the web server cannot show the pictures.")]
        }
        guard let closed = firstClosed(above: path, to: webServers) else { return [] }
        return [.warning("\(name): none of \(names) gets through \(closed), so the web server cannot show the pictures.")]
    }

    private var secretFindings: [Finding] {
        var findings: [Finding] = []
        if let fault = configuration.token?.fault { findings.append(.warning("\(Token.variables[0]) \(fault) (its value is not shown).")) }
        let secrets = configuration.lines.filter { $0.text == "(hidden)" }
        for case .file(let path, _) in secrets.map(\.origin).prefix(1) where facts(path).map({ $0.mode & 0o004 != 0 }) ?? false {
            findings.append(.warning("\(path) contains a secret, but every user may read it: run chmod o-r on it."))
        }
        return findings
    }

    private var proxyFindings: [Finding] {
        guard let proxy = configuration.proxy, !configuration.webhookHosts.isEmpty else { return [] }
        return [
            .warning(
                """
                \(proxy.variable): messages to the hosts of KREA_FCGI_WEBHOOK_HOSTS do not go through the proxy, because each goes to an \
                address that was checked: this machine has to reach these hosts by itself.
                """)
        ]
    }

    /// The first folder above `path` that none of the accounts may enter.
    private func firstClosed(above path: String, to accounts: [Account]) -> String? {
        var above: [String] = []
        var folder = Self.folder(of: path)
        while folder != "/" {
            above.append(folder)
            folder = Self.folder(of: folder)
        }
        return above.reversed().first { path in
            facts(path).map { folder in !accounts.contains { $0.may(1, folder) } } ?? false
        }
    }

    private func text(_ file: FileFacts) -> String {
        "mode 0\(String(file.mode & 0o7777, radix: 8)), owner \(file.owner), group \(groupName(file.group))"
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Problems with the clock, by the date of this program and the latest call in the ledger.
    static func clockFindings(now: Timestamp, latestCall: Timestamp?) -> [Finding] {
        // 2026-01-01, before this program was written.
        guard now >= Timestamp(milliseconds: 1_767_225_600_000) else {
            return [
                .error("The clock says \(now.iso8601), which is long past: no certificate is valid then, and no call to Krea will succeed.")
            ]
        }
        guard let latestCall, latestCall - now > .seconds(60) else { return [] }
        return [
            .warning(
                "The clock says \(now.iso8601), but the latest call to Krea was begun at \(latestCall.iso8601): it was put back, or is wrong."
            )
        ]
    }
}

extension ConfigurationCheck {
    /// Checks this machine.
    init(_ configuration: ServiceConfiguration, as account: Account) {
        self.init(configuration: configuration, account: account, webServers: Account.webServers, facts: FileFacts.init(path:)) { group in
            getgrgid(group).map { String(cString: $0.pointee.gr_name) } ?? "\(group)"
        }
    }
}
