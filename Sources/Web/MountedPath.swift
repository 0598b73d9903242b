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
        let end = requestTarget.utf8.firstIndex(of: UInt8(ascii: "?"))
        guard let whole = Self.decoded(requestTarget[..<(end ?? requestTarget.endIndex)]), Self.isWellFormed(whole.utf8) else {
            throw Refusal(.badRequest, code: "bad_request", "The address is not a well-formed path.")
        }
        query = end.map { String(requestTarget[requestTarget.utf8.index(after: $0)...]) } ?? ""
        mount = Self.mount(of: whole, scriptName: scriptName ?? "")
        path = Substring(whole.utf8.dropFirst(mount.utf8.count))
    }

    private static func decoded(_ path: Substring) -> String? {
        path.utf8.contains(UInt8(ascii: "%")) ? PercentEncoding.decode(path.utf8) : String(path)
    }

    /// Whether it starts with a slash, and has no control character and no dot segment.
    private static func isWellFormed(_ path: String.UTF8View) -> Bool {
        let (slash, dot) = (UInt8(ascii: "/"), UInt8(ascii: "."))
        guard path.first == slash else { return false }
        // Characters of the present segment, as long as they are all dots.
        var dots: Int? = 0
        for byte in path {
            guard byte >= 0x20, byte != 0x7F else { return false }
            if byte == slash {
                guard dots != 1, dots != 2 else { return false }
                dots = 0
            } else {
                dots = byte == dot ? dots.map { $0 + 1 } : nil
            }
        }
        return dots != 1 && dots != 2
    }

    private static func mount(of whole: String, scriptName: String) -> String {
        let slash = UInt8(ascii: "/")
        var mount = scriptName.utf8[...]
        while mount.last == slash { mount.removeLast() }
        // A link that starts with two slashes would lead to another host.
        guard mount.first == slash, !zip(mount, mount.dropFirst()).contains(where: { $0 == slash && $1 == slash }),
            whole.utf8.starts(with: mount), whole.utf8.dropFirst(mount.count).first == slash
        else { return "" }
        return String(Substring(mount))
    }
}
