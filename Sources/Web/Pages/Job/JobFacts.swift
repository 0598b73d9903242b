import Jobs

/// The request, for people.
struct JobFacts {
    let job: Job
    let texts: any Texts

    var html: HTML {
        let request = job.request
        let named: [(String, String?)] = [
            (texts.label(.prompt), request.shownPrompt), (texts.model, job.usedModels),
            (texts.size, texts.pixels(request.width, request.height)),
        ]
        let others = RequestField.allCases.filter { $0 != .width && $0 != .height }.compactMap { field -> (String, String?)? in
            request.values[field].map { value in
                (texts.label(field), value.elements.map { String($0.count) } ?? value.text ?? value.brief)
            }
        }
        let rows = (named + others).compactMap { name, value -> HTML? in value.map { "<dt>\(name)</dt><dd dir=\"auto\">\($0)</dd>" } }
        return """
            <dl>
            \(rows)
            </dl>
            """
    }
}
