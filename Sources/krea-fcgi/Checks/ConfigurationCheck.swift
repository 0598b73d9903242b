import FastCGI
import Glibc
import Jobs
import KreaAPI

/// Checks what the configuration names on this machine, with the rights of the service's user.
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
    /// Who will run the service.
    let account: Account
    /// Who the web server may run as.
    let webServers: [Account]
    let facts: (_ path: String) -> FileFacts?
    /// The name of a group.
    let groupName: (gid_t) -> String

    var findings: [Finding] { socketFindings + storeFindings + pictureFindings + secretFindings + proxyFindings }

    /// The socket's folder, and whether a web server will be able to connect.
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
        // The socket gets the group of who makes it, or of a folder that hands its own down, and mode 0660.
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

    /// Where nothing else is said, the socket may be handed over when the service is started, and then nothing is wrong.
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
            findings.append(.warning("\(path) may be read by everybody, and there is a secret in it: run chmod o-r on it."))
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

    /// The first folder above `path` through which none of the accounts gets.
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

    /// Whether the clock can be right, also by the latest call in the ledger.
    static func clockFindings(now: Timestamp, latestCall: Timestamp?) -> [Finding] {
        // Nobody has built this program before.
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
    /// On this machine.
    init(_ configuration: ServiceConfiguration, as account: Account) {
        self.init(configuration: configuration, account: account, webServers: Account.webServers, facts: FileFacts.init(path:)) { group in
            getgrgid(group).map { String(cString: $0.pointee.gr_name) } ?? "\(group)"
        }
    }
}
