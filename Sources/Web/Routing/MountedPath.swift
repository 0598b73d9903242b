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
struct MountedPath {
    /// Empty, or the decoded path of the mount point with no slash at its end.
    let mount: String
    /// The decoded path below the mount point; starts with a slash.
    let path: Substring
    /// What follows the first `?`, as it came.
    let query: String
    /// What lies there.
    let route: Route
    /// What the route allows.
    let rules: Route.Rules

    /// Takes a request target (RFC 9112, section 3.2.1) apart.
    ///
    /// - Throws: ``Refusal`` (400) when it is no absolute path, is not well encoded, or has dot segments or control characters,
    ///   which a web server in front may have understood differently.
    init(requestTarget: String, scriptName: String?) throws(Refusal) {
        let end = requestTarget.withBytes { $0.firstIndex(of: UInt8(ascii: "?")) }
        let raw = end.map { String(Substring(requestTarget.utf8.prefix($0))) } ?? requestTarget
        guard let whole = Self.decoded(raw), whole.withBytes(Self.isWellFormed) else {
            throw Refusal(.malformedAddress)
        }
        query = end.map { String(Substring(requestTarget.utf8.dropFirst($0 + 1))) } ?? ""
        mount = Self.mount(of: whole, scriptName: scriptName ?? "")
        path = Substring(whole.utf8.dropFirst(mount.utf8.count))
        route = Route(path)
        rules = route.rules
    }

    /// The path of a request of which only the target is known: mounted where the rest is a route.
    ///
    /// For errors that come before the variables are read; a guess is enough to find the style sheet and the right kind of answer.
    init?(guessing requestTarget: String) {
        guard let whole = try? MountedPath(requestTarget: requestTarget, scriptName: nil) else { return nil }
        let path = whole.path
        // No mount point is so deep, and a path of thousands of slashes must not cost a route each.
        let start = path.indices.filter { path[$0] == "/" }.prefix(16).first { index in
            if case .nothing(_, isForPrograms: false) = Route(path[index...]) { false } else { true }
        }
        guard let start, let guess = try? MountedPath(requestTarget: requestTarget, scriptName: String(path[..<start])) else {
            self = whole
            return
        }
        self = guess
    }

    /// Whether it is a page's path in a frame, if frames are allowed.
    var isForFrames: Bool { Route.pathInFrame(path) != nil }

    private static func decoded(_ path: String) -> String? {
        path.withBytes { $0.contains(UInt8(ascii: "%")) } ? PercentEncoding.decode(path.utf8) : path
    }

    /// Whether it starts with a slash, and has no control character and no dot segment.
    private static func isWellFormed(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
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
        let count = scriptName.withBytes { script in
            whole.withBytes { whole in
                var count = script.count
                while count > 0, script[count - 1] == slash { count -= 1 }
                // A link that starts with two slashes would lead to another host.
                guard count > 0, script[0] == slash, !(1..<count).contains(where: { script[$0 - 1] == slash && script[$0] == slash }),
                    whole.count > count, whole[count] == slash, (0..<count).allSatisfy({ whole[$0] == script[$0] })
                else { return 0 }
                return count
            }
        }
        return count == 0 ? "" : String(Substring(scriptName.utf8.prefix(count)))
    }
}

extension StringProtocol {
    /// Gives the UTF-8 bytes to `body`; quicker than a look at each.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        utf8.withContiguousStorageIfAvailable(body) ?? Array(utf8).withUnsafeBufferPointer(body)
    }

    /// Whether the text begins with these bytes.
    func begins(with start: StaticString) -> Bool {
        withBytes { bytes in
            bytes.count >= start.utf8CodeUnitCount
                && bytes.prefix(start.utf8CodeUnitCount).elementsEqual(
                    UnsafeBufferPointer(start: start.utf8Start, count: start.utf8CodeUnitCount))
        }
    }
}
