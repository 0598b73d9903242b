/// A job's course once it runs: its states, then its end.
struct Course: Sendable, Equatable {
    enum Ending: Sendable, Equatable {
        case completed(URLShape)
        case failed(Failure)
        case cancelled
    }

    /// The form of `result.urls`.
    enum URLShape: Sendable { case list, objects, map, missing, refused, foreign, otherName }

    enum Failure: Sendable, Equatable {
        /// The top-level `error` is an object with code and message.
        case error(code: String, message: String)
        /// The top-level `error` is an object with only a code.
        case code(String)
        /// The top-level `error` is a text.
        case text(String)
        /// The reason is in `result.error`.
        case result(String)
        case silent
    }

    var walk: Walk
    var ending: Ending
    /// How long after its end a job without addresses gets them, in milliseconds; nil for never.
    var addressesAfter: Int64?

    init(_ settings: SimulatedKrea.Settings, _ switches: Switches) {
        walk = settings.walk
        ending = Self.ending(switches)
        addressesAfter = switches.number(of: .noURLs).map(Int64.init)
        if switches.has(.unknownStatus) {
            walk.stages = walk.stages.map { $0.status == JobStatus.scheduled.rawValue ? Stage(word: "warming-up", dwell: $0.dwell) : $0 }
        }
        if switches.has(.timeout) {
            let limit = switches.number(of: .timeout).map(Int64.init) ?? settings.serverLimit
            walk.stages = [Stage(.queued, dwell: limit / 10), Stage(.processing, dwell: limit - limit / 10)]
        }
        if switches.has(.stuck) { walk.stages = [Stage(.queued, dwell: .max)] }
    }

    private static func ending(_ switches: Switches) -> Ending {
        let endings: [(Switches.Mark, Ending)] = [
            (.timeout, .failed(.error(code: "timeout", message: "The job took too long."))),
            (.failed, .failed(.error(code: "generation_failed", message: "The model could not make this picture."))),
            (.nsfw, .failed(.error(code: "nsfw", message: "The request was refused by content moderation."))),
            (.ipDetected, .failed(.code("ip_detected"))),
            (.violence, .failed(.result("violence"))),
            (.personalInfo, .failed(.text("personal_info"))),
            (.refusedEmpty, .completed(.refused)),
            (.failedResult, .failed(.result("The model could not make this picture."))),
            (.failedEmpty, .failed(.silent)),
            (.cancelled, .cancelled),
            (.noURLs, .completed(.missing)),
            (.objectURLs, .completed(.objects)),
            (.mappedURLs, .completed(.map)),
            (.foreignURL, .completed(.foreign)),
            (.otherName, .completed(.otherName)),
        ]
        return endings.first { switches.has($0.0) }?.1 ?? .completed(.list)
    }
}

extension Course.Ending {
    var status: JobStatus {
        switch self {
        case .completed: .completed
        case .failed: .failed
        case .cancelled: .cancelled
        }
    }

    /// The job's members that describe its end.
    func members(urls: [String]) -> [String: JSON] {
        switch self {
        case .completed(.missing), .failed(.silent): ["result": [:]]
        case .completed(.refused): ["result": ["error": "nsfw"]]
        case .completed(let shape): ["result": ["urls": shape.written(urls)]]
        case .failed(.error(let code, let message)): ["error": ["code": .string(code), "message": .string(message)]]
        case .failed(.code(let code)): ["error": ["code": .string(code)]]
        case .failed(.text(let text)): ["error": .string(text)]
        case .failed(.result(let message)): ["result": ["error": .string(message)]]
        case .cancelled: [:]
        }
    }
}

extension Course.URLShape {
    fileprivate func written(_ urls: [String]) -> JSON {
        switch self {
        case .list, .missing, .refused: .array(urls.map { .string($0) })
        case .objects: .array(urls.map { ["type": "preview", "url": .string($0)] })
        case .map: .object(Dictionary(uniqueKeysWithValues: urls.enumerated().map { ("image_\($0)", .string($1)) }))
        case .otherName: .array(urls.map { .string($0.replacing("//127.0.0.1", with: "//localhost")) })
        case .foreign: .array(urls.map { .string("https://images.example.com/" + ($0.split(separator: "/").last ?? "") + "?key=1") })
        }
    }
}
