import HTTPTypes
import Logging

/// Everything that the answering of one request needs, the same for all workers.
struct Exchange: Sendable {
    let bodyLimit: Int
    let logger: Logger
    let respond: Responder
    let problemPage: ProblemPage
    let requestID: @Sendable () -> String
    let meter: RequestMeter
    let log: RequestLog

    /// How much of a body that nobody wants is read so that the connection can be kept; with more it is closed.
    private static let drainLimit = 8 << 20

    /// Answers the request that `library` has begun to read, and ends it. The connection is returned if it stays open.
    func answer(
        _ library: LibraryRequest, place: Scoreboard.Place, role: Leadership.Role, isStopping: () -> Bool
    ) -> Int32? {
        let head = RequestHead(parameters: library.parameters)
        let id = head.requestID ?? requestID()
        place.take(head.request, id: id)
        // A body may come slowly, and what changes something waits for a disk (safe methods: RFC 9110, section 9.2.1).
        if ![.get, .head].contains(head.request.method) || head.contentLength.announcesBody { role.pass() }
        let (response, body, rest) = result(head, id, library, place)
        place.enter(.writing)
        if !library.hasReadAll {
            // What is left of a body would be taken for the next request. This comes before the answer: a web server that has an
            // answer sends no more of the body, but does not say so.
            library.drain(limit: Self.drainLimit)
        }

        let hasBody = ResponseHead(
            of: response,
            to: head.request.method,
            id: id,
            bodyCount: rest == nil ? body.count : nil,
            to: library
        ).hasBody
        if !library.write(hasBody ? body : []) {
            logger.debug("The web server did not take the answer.")
        } else if hasBody, let rest, library.flush() {
            place.enter(.streaming)
            role.pass()
            rest { bytes in !isStopping() && library.write(bytes) && library.flush() }
        }
        defer {
            let stages = place.stages
            meter.record(response.status, stages.total)
            log.answered(head.request, id: id, response.status, stages)
        }
        return library.finish(keep: !isStopping())
    }

    private func result(
        _ head: RequestHead, _ id: String, _ library: LibraryRequest, _ place: Scoreboard.Place
    ) -> (HTTPResponse, [UInt8], BodyStream?) {
        do {
            if let refusal = head.refusal { throw refusal }
            let body = try body(head.contentLength, library)
            place.enter(.running)
            return try respond(head.request, head.variables, body)
        } catch {
            if let refusal = error as? Refusal {
                logger.debug("A request was refused.", metadata: ["request_id": "\(id)", "refusal": "\(refusal)"])
                return page(for: refusal, head, id)
            }
            logger.error(
                "A request failed.",
                metadata: ["request_id": "\(id)", "error_type": "\(type(of: error))", "error": "\(error)"]
            )
            return page(for: .internalError, head, id)
        }
    }

    private func page(for refusal: Refusal, _ head: RequestHead, _ id: String) -> (HTTPResponse, [UInt8], BodyStream?) {
        let (response, body) = problemPage(head.request, refusal.problem(requestID: id))
        return (response, body, nil)
    }

    private func body(_ length: ContentLength, _ library: LibraryRequest) throws(Refusal) -> [UInt8] {
        let expected = try length.expected(limit: bodyLimit)
        // One byte more than expected, so that the end of the stream is seen.
        let body = library.read(upTo: expected + 1)
        try length.check(received: body.count, expected: expected, isComplete: library.hasReadAll)
        return body
    }
}
