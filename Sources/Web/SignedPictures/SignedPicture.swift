import HTTPTypes
import Jobs

/// Serves pictures at signed addresses, for other people's pages.
extension RequestContext {
    /// A redirect to the picture, or a drawing that tells the state of the job.
    ///
    /// Only the first GET creates the job: its ID follows from the address, and it is kept forever. HEAD never does, so that link checkers
    /// cost nothing.
    func signedPicture(signature: String, file: String) throws -> Reply {
        guard let signedJob = application.signedJob else { throw Refusal(.nothingThere) }
        guard let address = SignedAddress(signature: signature, file: file), let id = signedJob(address.payload, address.signature) else {
            throw Refusal(.wrongSignature)
        }
        if let queued = try store.job(id) { return picture(view(queued)) }
        guard request.method == .get else { return drawing(.ok, PlaceholderImage(lines: [English().pictureOnFirstView])) }
        do {
            // The key makes two first views at once one job.
            return picture(view(try accept(try address.members(), id: id, for: .signed, key: "signed:\(id)").job))
        } catch let invalid as InvalidRequest {
            return drawing(of: Refusal(.invalid(invalid)))
        } catch let refusal as Refusal {
            // The other may have read the request by newer rules, so that the requests differ.
            return try store.job(id).map { picture(view($0)) } ?? drawing(of: refusal)
        }
    }

    private func picture(_ view: JobView) -> Reply {
        guard view.isFinished else {
            var reply = drawing(.ok, PlaceholderImage(of: view), retryAfter: view.retryAfter)
            // For a reader who opens the address itself.
            reply.fields[.refresh] = view.retryAfter.map { String(min($0, 6)) }
            return reply
        }
        guard view.job.state == .completed, let url = view.job.urls.first else {
            var reply = drawing(.ok, PlaceholderImage(of: view))
            reply.fields[.cacheControl] = "public, max-age=60"
            return reply
        }
        let copy = view.copy(of: url, at: links)
        guard (copy ?? url).utf8.count <= Application.Settings.fieldLimit else {
            return drawing(.ok, PlaceholderImage(lines: [English().addressTooLong]))
        }
        var reply = Reply(found: copy ?? url)
        let mayGetCopy = copy == nil && links.settings.keepsPictures && !view.hasAllCopies
        reply.fields[.cacheControl] = "public, max-age=\(copy != nil ? 2_592_000 : mayGetCopy ? 60 : 3600)"
        return reply
    }

    private func drawing(of refusal: Refusal) -> Reply {
        let isShort = [.tooManyRequests, .serviceUnavailable].contains(refusal.status)
        return drawing(
            refusal.status, PlaceholderImage(lines: [refusal.sentence]), retryAfter: refusal.retryAfter ?? (isShort ? 300 : nil))
    }

    private func drawing(_ status: HTTPResponse.Status, _ drawing: PlaceholderImage, retryAfter: Int? = nil) -> Reply {
        var reply = Reply(status, svg: drawing.svg)
        reply.fields[.retryAfter] = retryAfter.map(String.init)
        return reply
    }
}
