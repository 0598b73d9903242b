extension WebServer {
    /// Where the recipes mount the service as they are shipped.
    static let shippedMount = "/krea"

    /// What an operator changes in the recipe to mount the service elsewhere.
    ///
    /// - Parameter mount: Like `/a/b`; empty for the root.
    func edits(toMountAt mount: String) -> [String: String] {
        guard mount != Self.shippedMount else { return [:] }
        // A pattern with as many segments as the mount point has.
        let pattern = "^(\(String(repeating: "/[^/]+", count: mount.split(separator: "/").count)))(/.*)$"
        return switch self {
        case .nginx:
            [
                "location ^~ /krea/ {": "location ^~ \(mount)/ {",
                "fastcgi_split_path_info ^(/[^/]+)(/.*)$;": "fastcgi_split_path_info \(pattern);",
            ]
        case .apache: mount.isEmpty ? ["${krea_mount}": ""] : ["Define krea_mount /krea": "Define krea_mount \(mount)"]
        case .lighttpd: [#"var.krea_mount = "/krea""#: #"var.krea_mount = "\#(mount)""#]
        case .caddy:
            [
                "@krea path /krea /krea/*": mount.isEmpty ? "@krea path /*" : "@krea path \(mount) \(mount)/*",
                "path_regexp krea ^(/[^/]+)(/.*)$": "path_regexp krea \(pattern)",
            ]
        }
    }
}
