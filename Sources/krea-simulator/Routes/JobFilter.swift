/// The query of `GET /jobs`.
struct JobFilter: Sendable {
    var limit = 100
    var before: Int64 = .max
    var types: Set<String> = []
    var status: JobStatus?

    struct Invalid: Error {
        var sentence: String
    }

    init(_ query: [String: String]) throws(Invalid) {
        if let text = query["limit"] {
            guard let number = Int(text), (1...1000).contains(number) else { throw Invalid(sentence: "limit must be 1 to 1000") }
            limit = number
        }
        if let text = query["cursor"] {
            guard let moment = ISOTime.milliseconds(text) else { throw Invalid(sentence: "cursor must be an ISO 8601 date and time") }
            before = moment
        }
        if let text = query["status"] {
            guard let known = JobStatus(rawValue: text) else { throw Invalid(sentence: "status must be one of the job states") }
            status = known
        }
        types = Set((query["types"] ?? "").split(separator: ",").map(String.init))
    }

    func takes(_ job: SimulatedJob, at now: Int64) -> Bool {
        job.created < before && (types.isEmpty || types.contains(job.route.type))
            && (status.map { $0.rawValue == job.status(at: now) } ?? true)
    }
}
