import HTTPTypes
import Jobs

/// What lies at a path below the mount point.
///
/// A new route is a case with its path in ``init(plain:)`` and its row in ``rules``, a handler in `RequestContext.handle`, and, if programs
/// use it, an operation in `OpenAPI/`.
enum Route: Equatable {
    case form
    case mine
    case jobPage(String)
    /// A job in another format than a page.
    case jobFile(String, Format)
    case cancelButton(String)
    case resumeButton(String)
    case jobs
    case job(String)
    case jobEvents(String)
    case resumption(String)
    case models
    /// Krea's own route of a model, below `api/generate/image/`.
    case generation(Model)
    /// Where Krea calls, with this key.
    case kreaWebhook(String)
    case signedPicture(signature: String, file: String)
    case openAPI
    case health
    case nothing(Refusal.Reason, isForPrograms: Bool)

    /// What a route allows, and how it answers.
    struct Rules {
        let methods: [HTTPRequest.Method]
        var access = Access.users
        /// The format of errors, and of a job; nil where the client chooses it.
        var format: Format? = .html
        /// Whether programs use it: keys count, errors are JSON, and pages of the sites in `KREA_FCGI_CORS_ORIGINS` may call it.
        var isForPrograms = false
        /// Whether it is in frames, too, below `embed`.
        var canBeFramed = false

        static func api(_ methods: [HTTPRequest.Method], _ access: Access = .users) -> Rules {
            Rules(methods: methods, access: access, format: .json, isForPrograms: true)
        }

        /// Whether a program needs a key, if keys are given out.
        func needsKey(for method: HTTPRequest.Method) -> Bool {
            access == .keyHolders || access == .keyHoldersToChange && ![.get, .head].contains(method)
        }
    }

    /// Who may use a route where the operator requires users or gives out keys.
    enum Access {
        /// Monitors, Krea, and readers of articles with pictures.
        case everyone
        case users
        case keyHolders
        /// Anyone who may read the job can read it; changing it takes a key.
        case keyHoldersToChange
    }

    /// The table of all routes.
    var rules: Rules {
        switch self {
        case .form: Rules(methods: Self.read + [.post], canBeFramed: true)
        case .mine: Rules(methods: Self.read)
        case .jobPage: Rules(methods: Self.read, format: nil, canBeFramed: true)
        case .jobFile(_, let format): Rules(methods: Self.read, format: format)
        case .cancelButton, .resumeButton: Rules(methods: [.post], canBeFramed: true)
        case .jobs: .api(Self.read + [.post], .keyHolders)
        case .job: .api(Self.read + [.delete], .keyHoldersToChange)
        case .jobEvents: .api(Self.read)
        case .resumption, .generation: .api([.post], .keyHolders)
        case .models, .openAPI: .api(Self.read)
        case .kreaWebhook: .api([.post], .everyone)
        case .signedPicture, .health: Rules(methods: Self.read, access: .everyone)
        case .nothing(_, true): .api([])
        case .nothing(_, false): Rules(methods: [])
        }
    }

    private static let read: [HTTPRequest.Method] = [.get, .head]

    /// The route of a decoded path that starts with a slash.
    init(_ path: Substring) {
        guard let inner = Self.pathInFrame(path) else {
            self.init(plain: path)
            return
        }
        let route = Route(plain: inner)
        self = route.rules.canBeFramed ? route : .nothing(.nothingThere, isForPrograms: false)
    }

    private init(plain path: Substring) {
        let parts = Self.parts(of: path)
        self =
            switch (parts.first, parts.dropFirst().first, parts.count) {
            case ("", nil, 1): .form
            case ("health", nil, 1): .health
            case ("mine", nil, 1): .mine
            case ("jobs", let name?, 2): Format.ofFile(name).map(Route.jobFile) ?? .jobPage(name)
            case ("jobs", let id?, 3) where parts[2] == "cancel": .cancelButton(id)
            case ("jobs", let id?, 3) where parts[2] == "resume": .resumeButton(id)
            case ("i", let signature?, 3): .signedPicture(signature: signature, file: parts[2])
            case ("api", "jobs", 2): .jobs
            case ("api", "jobs", 3): .job(parts[2])
            case ("api", "jobs", 4) where parts[3] == "resume": .resumption(parts[2])
            case ("api", "jobs", 4) where parts[3] == "events": .jobEvents(parts[2])
            case ("api", "models", 2): .models
            case ("api", "openapi.json", 2): .openAPI
            case ("api", "generate", 5) where parts[2] == "image": Self.generation(at: "\(parts[3])/\(parts[4])")
            case ("api", "webhooks", 4) where parts[2] == "krea": .kreaWebhook(parts[3])
            case ("api", "generate", 3...) where parts[2] != "image": .nothing(.onlyImages(parts[2]), isForPrograms: true)
            case ("api", let kind?, _) where Self.otherKinds.contains(kind): .nothing(.onlyImages(kind), isForPrograms: true)
            case (let first, _, _): .nothing(.nothingThere, isForPrograms: first == "api")
            }
    }

    private static func generation(at path: String) -> Route {
        Model.atRoute(path).map(Route.generation) ?? .nothing(.unknownRoute(path), isForPrograms: true)
    }

    /// What stands between the slashes.
    private static func parts(of path: Substring) -> [String] {
        path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { String(Substring($0)) }
    }

    /// The path of the same page outside a frame: `/` for `/embed`, `/jobs/1` for `/embed/jobs/1`; nil for a path that is not for frames.
    static func pathInFrame(_ path: Substring) -> Substring? {
        guard path.begins(with: "/embed") else { return nil }
        let inner = Substring(path.utf8.dropFirst("/embed".utf8.count))
        return inner.isEmpty ? "/" : inner.begins(with: "/") && inner != "/" ? inner : nil
    }

    /// What else lies at the top of Krea's API, as of its document of 2026-05-25.
    private static let otherKinds: Set = ["enhance", "styles", "assets", "node-apps"]

    /// Whether a request target that cannot be read is meant for programs, wherever the service is mounted.
    static func seemsForPrograms(_ requestTarget: String) -> Bool {
        requestTarget.prefix { $0 != "?" }.contains("/api/")
    }
}
