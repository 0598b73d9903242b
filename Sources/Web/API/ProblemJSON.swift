import Jobs

/// A refusal for programs.
struct ProblemJSON: JSONWritable {
    /// One member or parameter that is wrong: its name, and within it names and positions.
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

    let refusal: Refusal
    let links: Links

    init(_ refusal: Refusal, at links: Links) {
        self.refusal = refusal
        self.links = links
    }

    func write(to json: inout JSONWriter) {
        let sentence = refusal.sentence
        let (details, others) = details(sentence)
        json.object { json in
            json.member("code", refusal.code)
            json.member("details", ifAny: details.isEmpty ? nil : details)
            json.member("error", sentence)
            // Its own `error` is another thing.
            json.member("job", ifAny: refusal.job.map { JobJSON($0, at: links) })
            json.member("other_details", ifAny: others > 0 ? others : nil)
            json.member("request_id", ifAny: refusal.requestID)
        }
    }

    /// The members that are wrong, and how many more there are.
    private func details(_ sentence: String) -> ([Detail], others: Int) {
        switch refusal.reason {
        case .invalid(let request):
            (request.problems.map { Detail(path: [$0.member], message: $0.sentence) }, request.others)
        case .badParameter(let fault): ([Detail(path: [fault.name], message: sentence)], 0)
        case .brokenBody(.repeated(let path)), .brokenBody(.outOfRange(let path)):
            (path.isEmpty ? [] : [Detail(path: path, message: sentence)], 0)
        default: ([], 0)
        }
    }
}
