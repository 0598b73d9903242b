/// A refusal for programs.
struct ProblemJSON: JSONWritable {
    struct Detail: JSONWritable {
        let path: [String]
        let message: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("message", message)
                json.member("path", path)
            }
        }
    }

    let error: String
    let code: String
    /// Absent when no member is to blame.
    let details: [Detail]?
    /// How many details there are besides; absent when these are all.
    let otherDetails: Int?
    /// The job that the refusal is about, where its state is the reason; absent elsewhere. Its own `error` is another thing.
    let job: JobJSON?
    /// Absent unless the transport gave the answer a name.
    let requestID: String?

    init(_ refusal: Refusal, at links: Links) {
        error = refusal.sentence
        code = refusal.code
        details = refusal.details.isEmpty ? nil : refusal.details.map { Detail(path: $0.path, message: $0.sentence) }
        otherDetails = refusal.otherDetails > 0 ? refusal.otherDetails : nil
        job = refusal.job.map { JobJSON($0, at: links) }
        requestID = refusal.requestID
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("code", code)
            json.member("details", ifAny: details)
            json.member("error", error)
            json.member("job", ifAny: job)
            json.member("other_details", ifAny: otherDetails)
            json.member("request_id", ifAny: requestID)
        }
    }
}
