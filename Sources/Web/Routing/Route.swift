import HTTPTypes

/// What lies at a path below the mount point.
enum Route: Equatable {
    case form
    case mine
    case jobPage(String)
    /// A job as something else than a page: the ID, if it is one.
    case jobFile(String, Format)
    /// Where the buttons of a job's page lead.
    case cancelButton(String)
    case resumeButton(String)
    case jobs
    case job(String)
    case resumption(String)
    case models
    /// Where Krea calls: the key, if it is one.
    case kreaWebhook(String)
    /// Krea's route of a model, below `api/generate/image/`.
    case generation(String)
    /// Krea's route for something that is no image: its kind.
    case otherGeneration(String)
    /// A picture at a signed address: the signature, and the name of the file.
    case signedPicture(String, String)
    case openAPI
    case health
    case nothing

    /// The route of a decoded path that starts with a slash.
    init(_ path: Substring) {
        if let inner = Embedding.inner(path) {
            self.init(embedded: inner)
            return
        }
        let parts = Self.parts(of: path)
        self =
            switch (parts.first, parts.dropFirst().first, parts.count) {
            case ("", nil, 1): .form
            case ("health", nil, 1): .health
            case ("mine", nil, 1): .mine
            case ("jobs", let name?, 2): Format.ofFile(name).map(Route.jobFile) ?? .jobPage(name)
            case ("jobs", let id?, 3) where parts[2] == "cancel": .cancelButton(id)
            case ("jobs", let id?, 3) where parts[2] == "resume": .resumeButton(id)
            case ("i", let signature?, 3): .signedPicture(signature, parts[2])
            case ("api", "jobs", 2): .jobs
            case ("api", "jobs", 3): .job(parts[2])
            case ("api", "jobs", 4) where parts[3] == "resume": .resumption(parts[2])
            case ("api", "models", 2): .models
            case ("api", "openapi.json", 2): .openAPI
            case ("api", "generate", 5) where parts[2] == "image": .generation("\(parts[3])/\(parts[4])")
            case ("api", "webhooks", 4) where parts[2] == "krea": .kreaWebhook(parts[3])
            case ("api", "generate", 3...) where parts[2] != "image": .otherGeneration(parts[2])
            case ("api", let kind?, _) where Self.otherKinds.contains(kind): .otherGeneration(kind)
            default: .nothing
            }
    }

    /// What stands between the slashes, the first of which begins the path.
    private static func parts(of path: Substring) -> [String] {
        path.withBytes { bytes in
            var parts: [String] = []
            parts.reserveCapacity(4)
            var start = 1
            while start <= bytes.count {
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.count
                parts.append(String(decoding: bytes[start..<end], as: UTF8.self))
                start = end + 1
            }
            return parts
        }
    }

    /// What else lies at the top of Krea's API, as of its document of 2026-05-25.
    private static let otherKinds: Set = ["enhance", "styles", "assets", "node-apps"]

    /// What may be done there; empty where nothing is.
    var methods: [HTTPRequest.Method] {
        switch self {
        case .form, .jobs: [.get, .head, .post]
        case .job: [.get, .head, .delete]
        case .cancelButton, .resumeButton, .resumption, .kreaWebhook, .generation: [.post]
        case .mine, .jobPage, .jobFile, .signedPicture, .models, .openAPI, .health: [.get, .head]
        case .otherGeneration, .nothing: []
        }
    }

    /// Whether a program has to show a key there, where keys are given out: to make, change or list jobs.
    func needsKey(for method: HTTPRequest.Method) -> Bool {
        switch self {
        case .jobs, .resumption, .generation: true
        case .job: method == .delete
        case .form, .mine, .jobPage, .jobFile, .cancelButton, .resumeButton, .models, .kreaWebhook, .otherGeneration, .openAPI,
            .signedPicture,
            .health, .nothing:
            false
        }
    }

    /// Whether even who has to sign in elsewhere needs not: a monitor, Krea, and readers of articles with pictures in them.
    var isForEverybody: Bool {
        switch self {
        case .health, .kreaWebhook, .signedPicture: true
        case .form, .mine, .jobPage, .jobFile, .cancelButton, .resumeButton, .jobs, .job, .resumption, .models, .generation,
            .otherGeneration, .openAPI, .nothing:
            false
        }
    }

    /// Whether programs ask there, and errors are told in JSON.
    static func isForPrograms(_ path: Substring) -> Bool {
        path.begins(with: "/api") && (path.utf8.count == 4 || path.begins(with: "/api/"))
    }

    /// Whether programs ask at a request target that cannot be read, wherever the service is mounted.
    static func seemsForPrograms(_ requestTarget: String) -> Bool {
        requestTarget.prefix { $0 != "?" }.contains("/api/")
    }
}

extension MountedPath {
    /// The path of a request of which only the target is known: mounted where the rest is a route.
    ///
    /// For errors that come before the variables are read; a guess is enough to find the style sheet and the right kind of answer.
    init?(guessing requestTarget: String) {
        guard let whole = try? MountedPath(requestTarget: requestTarget, scriptName: nil) else { return nil }
        let path = whole.path
        // No mount point is so deep, and a path of thousands of slashes shall not cost a look at each.
        let start = path.indices.filter { path[$0] == "/" }.prefix(16).first { index in
            Route(path[index...]) != .nothing || Route.isForPrograms(path[index...])
        }
        guard let start, let guess = try? MountedPath(requestTarget: requestTarget, scriptName: String(path[..<start])) else {
            self = whole
            return
        }
        self = guess
    }
}
