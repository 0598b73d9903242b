import Answers
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

    /// Answers the request that `library` has begun to read. `refusal` is why it is not run, if that is known.
    func answer(
        _ library: FCGXRequest, place: Scoreboard.Slot, role: Leadership.Role, refusal: RefusedRequest? = nil, mayWait: Bool,
        isStopping: () -> Bool
    ) -> OutgoingAnswer {
        let head = RequestHead(parameters: library.parameters)
        let id = head.requestID ?? requestID()
        place.take(head.request, id: id)
        // What changes something waits for a disk (safe methods: RFC 9110, section 9.2.1).
        if head.request.method != .get, head.request.method != .head { role.pass() }
        var answer = result(head, id, library, place, refusal, mayWait)
        if !mayWait, answer.wait != nil { answer = ended(answer) }
        place.enter(.writing)
        // What is left of a body would be taken for the next request. Of one that is not all there nothing is waited for: its sender gets the
        // answer first.
        if library.isWhole, !library.hasReadAll { library.drain() }
        let ending: OutgoingAnswer.Ending = library.hasReadAll ? library.isKept ? .kept : .closed : .unread
        let outgoing = OutgoingAnswer(to: head.request, id: id, request: library.requestID, ending: ending)
        library.end()
        add(answer, to: outgoing, place, isStopping)
        return outgoing
    }

    /// Adds the next piece to an answer that waits.
    func goOn(with outgoing: OutgoingAnswer, _ occasion: Wait.Occasion, place: Scoreboard.Slot, isStopping: () -> Bool) {
        guard let wait = outgoing.wait else { return }
        place.resume(outgoing.head, id: outgoing.id)
        var answer: Answer
        do {
            answer = try wait.next(occasion)
        } catch {
            logFailure(error, outgoing.id)
            // After the head nothing more can be said.
            answer = outgoing.status == nil ? page(for: .internalError, outgoing.head, outgoing.id) : Answer()
        }
        if occasion == .stopping { answer.wait = nil }
        place.enter(.writing)
        add(answer, to: outgoing, place, isStopping)
    }

    /// What is given of an answer that wanted to wait although it may not.
    private func ended(_ answer: Answer) -> Answer {
        let last = try? answer.wait?.next(.stopping)
        return Answer(answer.response ?? last?.response, answer.body + (last?.body ?? []))
    }

    /// Adds the records of an answer, or of a piece of one.
    private func add(_ answer: Answer, to outgoing: OutgoingAnswer, _ place: Scoreboard.Slot, _ isStopping: () -> Bool) {
        var answer = answer
        if outgoing.status == nil, answer.response == nil, answer.wait == nil {
            logger.error("An answer has no head.", metadata: ["request_id": "\(outgoing.id)"])
            answer = page(for: .internalError, outgoing.head, outgoing.id)
        }
        var records = OutputRecords(of: outgoing.request, capacity: answer.body.count + (answer.response == nil ? 0 : 1024))
        if let response = answer.response, outgoing.status == nil {
            outgoing.status = response.status
            let head = ResponseHead(of: response, to: outgoing.method)
            head.write(id: outgoing.id, bodyCount: answer.wait == nil ? answer.body.count : nil, to: &records)
            if !head.hasBody { answer = Answer() }
        }
        // A body without a head would be taken for one.
        if outgoing.status != nil { answer.body.withUnsafeBytes { records.put($0) } }
        outgoing.wait = answer.wait
        if answer.wait == nil {
            let isLast = outgoing.ending == .kept && isStopping()
            records.endRequest(isLast: isLast)
            if isLast { outgoing.ending = .closed }
        } else {
            records.endOutput()
        }
        outgoing.add(records.bytes)
        outgoing.timings += place.timings
        if answer.wait == nil, let status = outgoing.status {
            meter.record(status, outgoing.timings.total)
            log.answered(outgoing.method, outgoing.path, id: outgoing.id, status, outgoing.timings)
        }
    }

    private func result(
        _ head: RequestHead, _ id: String, _ library: FCGXRequest, _ place: Scoreboard.Slot, _ refusal: RefusedRequest?, _ mayWait: Bool
    ) -> Answer {
        do {
            if let refusal = refusal ?? head.refusal { throw refusal }
            let body = try body(head.contentLength, library)
            place.enter(.running)
            return try respond(head.request, head.variables, body, mayWait)
        } catch {
            if let refusal = error as? RefusedRequest {
                logger.debug("A request was refused.", metadata: ["request_id": "\(id)", "refusal": "\(refusal)"])
                return page(for: refusal, head.request, id)
            }
            logFailure(error, id)
            return page(for: .internalError, head.request, id)
        }
    }

    private func logFailure(_ error: any Error, _ id: String) {
        logger.error(
            "A request failed.",
            metadata: ["request_id": "\(id)", "error_type": "\(type(of: error))", "error": "\(error)"]
        )
    }

    private func page(for refusal: RefusedRequest, _ request: HTTPRequest, _ id: String) -> Answer {
        let (response, body) = problemPage(request, refusal.problem(requestID: id))
        return Answer(response, body)
    }

    private func body(_ length: ContentLength, _ library: FCGXRequest) throws(RefusedRequest) -> [UInt8] {
        let expected = try length.expected(limit: bodyLimit)
        // One byte more than expected, so that the end of the stream is seen.
        let body = library.read(upTo: expected + 1)
        try length.check(received: body.count, expected: expected, isComplete: library.hasReadAll)
        return body
    }
}
