import HTTPTypes
import Logging

/// Everything that the answering of one request needs, the same for all workers.
struct RequestHandler: Sendable {
    let bodyLimit: Int
    let logger: Logger
    let respond: Responder
    let problemPage: ProblemPage
    let requestID: @Sendable () -> String
    let meter: RequestMeter
    let log: RequestLog

    /// Answers the request that `library` has begun to read, and ends it. `refusal` is why it is not run, if that is known.
    func answer(
        _ library: FCGXRequest, place: Scoreboard.Slot, role: Leadership.Role, refusal: RefusedRequest? = nil, isStopping: () -> Bool
    ) -> FCGXRequest.Ending {
        let head = RequestHead(parameters: library.parameters)
        let id = head.requestID ?? requestID()
        place.take(head.request, id: id)
        // What changes something waits for a disk (safe methods: RFC 9110, section 9.2.1).
        if ![.get, .head].contains(head.request.method) { role.pass() }
        let (response, body, rest) = result(head, id, library, place, refusal)
        place.enter(.writing)
        // What is left of a body would be taken for the next request. Of one that is not all there nothing is waited for: its sender gets the
        // answer first.
        if library.isWhole, !library.hasReadAll { library.drain() }
        library.beginAnswer(count: rest == nil && head.request.method != .head ? body.count : 0, mayKeep: !isStopping())

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
            let timings = place.timings
            meter.record(response.status, timings.total)
            log.answered(head.request, id: id, response.status, timings)
        }
        return library.finish(keep: !isStopping())
    }

    private func result(
        _ head: RequestHead, _ id: String, _ library: FCGXRequest, _ place: Scoreboard.Slot, _ refusal: RefusedRequest?
    ) -> (HTTPResponse, [UInt8], BodyStream?) {
        do {
            if let refusal = refusal ?? head.refusal { throw refusal }
            let body = try body(head.contentLength, library)
            place.enter(.running)
            return try respond(head.request, head.variables, body)
        } catch {
            if let refusal = error as? RefusedRequest {
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

    private func page(for refusal: RefusedRequest, _ head: RequestHead, _ id: String) -> (HTTPResponse, [UInt8], BodyStream?) {
        let (response, body) = problemPage(head.request, refusal.problem(requestID: id))
        return (response, body, nil)
    }

    private func body(_ length: ContentLength, _ library: FCGXRequest) throws(RefusedRequest) -> [UInt8] {
        let expected = try length.expected(limit: bodyLimit)
        // One byte more than expected, so that the end of the stream is seen.
        let body = library.read(upTo: expected + 1)
        try length.check(received: body.count, expected: expected, isComplete: library.hasReadAll)
        return body
    }
}
