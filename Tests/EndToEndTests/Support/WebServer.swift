import Foundation
import Glibc
import TestSupport

/// The web servers that there is a recipe for. Each starts with the recipe as it is shipped, and next to nothing else.
enum WebServer: String, CaseIterable {
    case nginx, apache, lighttpd, caddy

    /// The files of the recipe in `nginx/`.
    private var recipe: [String] {
        switch self {
        case .nginx: ["krea-fcgi.conf", "krea-fcgi-upstream.conf"]
        case .apache: ["other-servers/apache.conf"]
        case .lighttpd: ["other-servers/lighttpd.conf"]
        case .caddy: ["other-servers/Caddyfile"]
        }
    }

    /// Lets the server into a folder in which nothing is yet. To be called before the service has made its socket there.
    ///
    /// Apache never serves as root, so that what root's tests make there belongs to Apache's group, as an operator would have it.
    func admit(to folder: TemporaryFolder) throws {
        guard self == .apache, geteuid() == 0, let group = getgrnam("www-data") else { return }
        guard chown(folder.path, 0, group.pointee.gr_gid) == 0, chmod(folder.path, 0o2750) == 0 else {
            throw CocoaError(.fileWriteNoPermission)
        }
    }

    /// Starts the server on a loopback port, with all that it writes in `folder`.
    ///
    /// - Parameters:
    ///   - isDualStack: Whether it listens on all addresses with one socket, for IPv6 and IPv4 alike.
    ///   - servicePort: Where the service listens; nil where it has a Unix socket.
    ///   - keepsAnswers: Whether nginx keeps answers about jobs for a second, as it is shipped; else whoever asks sees every change at once.
    ///   - edits: What the operator has changed in the recipe: what stood there, and what stands there now.
    func start(
        in folder: TemporaryFolder, port: Int, isDualStack: Bool = false, servicePort: Int?, keepsAnswers: Bool, edits: [String: String]
    ) throws -> ChildProcess {
        let repository = Stack.repository
        try Self.copyFiles(of: repository.appending(path: "public"), to: folder.file("public"))
        let service = address(folder, servicePort)
        var changes = edits.merging([
            "/usr/share/krea-fcgi/public": folder.file("public"), "/var/lib/krea-fcgi/pictures": folder.file("pictures"),
            service.shipped: service.here,
        ]) { given, _ in given }
        if self == .nginx {
            changes["/run/krea-fcgi-cache"] = folder.file("cache")
            if !keepsAnswers { changes["fastcgi_cache $krea_cache;"] = "" }
        }
        var unused = Set(changes.keys)
        for name in recipe {
            let shipped = try String(contentsOf: repository.appending(path: "nginx/\(name)"), encoding: .utf8)
            unused = unused.filter { !shipped.contains($0) }
            try changes.reduce(shipped) { $0.replacing($1.key, with: $1.value) }
                .write(toFile: folder.file("recipe-\(name.split(separator: "/").last ?? "")"), atomically: true, encoding: .utf8)
        }
        guard unused.isEmpty else { throw NotInRecipe(texts: unused) }
        try configuration(folder, port, isDualStack).write(toFile: folder.file("web.conf"), atomically: true, encoding: .utf8)
        return ChildProcess(URL(filePath: program), arguments(folder), environment: ["HOME": folder.path])
    }

    /// What Caddy's recipe has for the operator's global options.
    private static func recommendedLog() throws -> String {
        let recipe = try String(contentsOf: Stack.repository.appending(path: "nginx/other-servers/Caddyfile"), encoding: .utf8)
        let lines = recipe.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let block = lines.drop { $0 != "#     log {" }.prefix { $0.hasPrefix("#") }
        guard !block.isEmpty else { throw NotInRecipe(texts: ["log {"]) }
        return block.map { $0.dropFirst() }.joined(separator: "\n")
    }

    struct NotInRecipe: Error {
        let texts: Set<String>
    }

    /// Makes copies that the server's user can read, who may have no way into the repository.
    private static func copyFiles(of source: URL, to path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        for file in try FileManager.default.contentsOfDirectory(at: source, includingPropertiesForKeys: nil) {
            try Data(contentsOf: file).write(to: URL(filePath: path).appending(path: file.lastPathComponent))
        }
    }

    /// Where the service is, as the recipe says it and as it has to say it here.
    private func address(_ folder: TemporaryFolder, _ port: Int?) -> (shipped: String, here: String) {
        let socket = folder.file("krea-fcgi.sock")
        switch self {
        case .nginx:
            // A second service beside the first, where a test has one.
            let sockets = "server unix:\(socket) max_fails=0; server unix:\(folder.file("second.sock")) max_fails=0 backup;"
            return ("server unix:/run/krea-fcgi/krea-fcgi.sock;", port.map { "server 127.0.0.1:\($0);" } ?? sockets)
        case .apache:
            return (
                "unix:/run/krea-fcgi/krea-fcgi.sock|fcgi://krea-fcgi/",
                port.map { "fcgi://127.0.0.1:\($0)/" } ?? "unix:\(socket)|fcgi://krea-fcgi/"
            )
        case .lighttpd:
            return (
                #""socket" => "/run/krea-fcgi/krea-fcgi.sock""#,
                port.map { #""host" => "127.0.0.1", "port" => \#($0)"# } ?? #""socket" => "\#(socket)""#
            )
        case .caddy:
            return ("unix//run/krea-fcgi/krea-fcgi.sock", port.map { "127.0.0.1:\($0)" } ?? "unix/\(socket)")
        }
    }

    private var program: String {
        switch self {
        case .nginx: "/usr/sbin/nginx"
        case .apache: "/usr/sbin/apache2"
        case .lighttpd: "/usr/sbin/lighttpd"
        case .caddy: "/usr/bin/caddy"
        }
    }

    private func arguments(_ folder: TemporaryFolder) -> [String] {
        let file = folder.file("web.conf")
        return switch self {
        case .nginx: ["-e", folder.file("nginx.log"), "-c", file]
        case .apache: ["-D", "FOREGROUND", "-f", file]
        case .lighttpd: ["-D", "-f", file]
        case .caddy: ["run", "--adapter", "caddyfile", "--config", file]
        }
    }

    /// Connections of clients are kept for a minute, as nginx and Caddy do: a test would find them closed under it.
    private func configuration(_ folder: TemporaryFolder, _ port: Int, _ isDualStack: Bool) throws -> String {
        let isRoot = geteuid() == 0
        let path = folder.path
        switch self {
        case .nginx:
            let temporary = ["client_body", "fastcgi", "proxy", "scgi", "uwsgi"].map { "\($0)_temp_path \(path)/\($0);" }
            return """
                \(isRoot ? "user root;" : "")
                daemon off;
                pid \(path)/nginx.pid;
                error_log \(path)/nginx.log;
                events {}
                http {
                    include /etc/nginx/mime.types;
                    access_log \(path)/access.log;
                    \(temporary.joined(separator: "\n    "))
                    include \(path)/recipe-krea-fcgi-upstream.conf;
                    server {
                        listen \(isDualStack ? "[::]:\(port) ipv6only=off" : "127.0.0.1:\(port)");
                        absolute_redirect off;
                        include \(path)/recipe-krea-fcgi.conf;
                    }
                }
                """
        case .apache:
            // Those that the recipe asks for, and of Debian's own choice those that it uses.
            let modules = ["headers", "proxy", "proxy_fcgi"] + ["mpm_event", "authz_core", "authz_user", "authn_core", "authn_file"]
            let loaded = (modules + ["auth_basic", "alias", "env", "mime", "setenvif", "unique_id"])
                .map { "LoadModule \($0)_module /usr/lib/apache2/modules/mod_\($0).so" }
            return """
                \(loaded.joined(separator: "\n"))
                \(isRoot ? "User www-data\nGroup www-data" : "")
                ServerName localhost
                Listen \(isDualStack ? "[::]" : "127.0.0.1"):\(port)
                DefaultRuntimeDir \(path)
                PidFile \(path)/apache.pid
                ErrorLog \(path)/apache.log
                TypesConfig /dev/null
                CustomLog \(path)/access.log "%r" env=!krea_secret
                KeepAliveTimeout 60
                <VirtualHost \(isDualStack ? "*" : "127.0.0.1"):\(port)>
                    Include \(path)/recipe-apache.conf
                </VirtualHost>

                """
        case .lighttpd:
            return """
                server.bind = "\(isDualStack ? "[::]" : "127.0.0.1")"
                \(isDualStack ? "server.set-v6only = \"disable\"" : "")
                server.port = \(port)
                server.document-root = "\(path)/public"
                server.errorlog = "\(path)/lighttpd.log"
                server.upload-dirs = ( "\(path)" )
                server.max-keep-alive-idle = 60
                accesslog.filename = "\(path)/access.log"
                include "\(path)/recipe-lighttpd.conf"

                """
        case .caddy:
            // For every host, as the others: requests for a host that no site is for get an empty 200 from Caddy itself.
            let log = try Self.recommendedLog()
            return """
                {
                    admin off
                    auto_https off
                    \(log)
                }
                http://:\(port) {
                    \(isDualStack ? "" : "bind 127.0.0.1")
                    log {
                        output file \(path)/access.log
                    }
                    import \(path)/recipe-Caddyfile
                }

                """
        }
    }
}
