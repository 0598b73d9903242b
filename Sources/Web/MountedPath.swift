import HTTPTypes

/// What was asked for, as a path below the place where the service is mounted.
///
/// All web servers send the request target alike, so the path comes from there. What they send as `SCRIPT_NAME` differs: the
/// mount point, nothing, or (Debian's `fastcgi_params`) the whole path.
///
/// | request target | SCRIPT_NAME | mount | path |
/// |---|---|---|---|
/// | `/jobs/1?x` | absent, empty or `/` | – | `/jobs/1` |
/// | `/jobs/1` | `/jobs/1` | – | `/jobs/1` |
/// | `/krea/jobs/1` | `/krea` or `/krea/` | `/krea` | `/jobs/1` |
/// | `/krea/` | `/krea` or `/krea/` | `/krea` | `/` |
/// | `/kreation/` | `/krea` | – | `/kreation/` |
/// | `/krea` | `/krea` | – | `/krea`: nothing is there, web servers add the slash by themselves |
struct MountedPath: Equatable {
    /// Empty, or the decoded path of the mount point with no slash at its end.
    let mount: String
    /// The decoded path below the mount point; starts with a slash.
    let path: Substring
    /// What follows the first `?`, as it came.
    let query: String

    /// Takes a request target (RFC 9112, section 3.2.1) apart.
    ///
    /// - Throws: ``Refusal`` (400) when it is no absolute path, is not well encoded, or has dot segments or control characters,
    ///   which a web server in front may have understood differently.
    init(requestTarget: String, scriptName: String?) throws(Refusal) {
        let parts = requestTarget.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard
            let whole = PercentEncoding.decode(parts[0].utf8), whole.hasPrefix("/"),
            !whole.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }),
            !whole.split(separator: "/").contains(where: { $0 == "." || $0 == ".." })
        else { throw Refusal(.badRequest, code: "bad_request", "The address is not a well-formed path.") }

        query = parts.count > 1 ? String(parts[1]) : ""
        mount = Self.mount(of: whole, scriptName: scriptName ?? "")
        path = whole.dropFirst(mount.count)
    }

    private static func mount(of whole: String, scriptName: String) -> String {
        var mount = scriptName[...]
        while mount.hasSuffix("/") { mount.removeLast() }
        // A link that starts with two slashes would lead to another host.
        guard mount.hasPrefix("/"), !mount.contains("//"), whole.hasPrefix(mount + "/") else { return "" }
        return String(mount)
    }
}
