import HTTPTypes
import Jobs

/// English.
struct English: Texts {
    let siteName = "Krea pictures"
    let languageSwitch = "Language"
    let simulated = "Pictures come from a simulator on this machine and cost nothing."

    let makePicture = "Create a picture"
    let checkForm = "Please check the form"
    let make = "Create picture"
    let details = "Size, number and reference images"
    let model = "Model"
    let modelHint = "What each model is best for, how long a picture usually takes, and its price if known."
    func bestFor(_ model: Model) -> String {
        switch model.kind {
        case .nanoBanana2: "fastest, cheapest, many images; rich scenes"
        case .flux: "detailed photo and style, LoRAs, custom ratios; steps 20–40"
        case .imagen4Fast: "photorealism, typography, product shots"
        case .seedream3: "photorealism, flexible resolution, “8K detail”"
        case .ideogram3: "flat and graphic styles, text in image, posters"
        case .nanoBananaPro: "typography, photorealism, 4K"
        case .nanoBanana: "basic scenes; webhook support"
        }
    }
    func madeBy(_ name: String) -> String { "now made with \(name)" }
    let notOffered = "no longer offered by Krea"
    func seconds(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound)–\(range.upperBound) s" }
    func only(_ models: [String]) -> String { "only \(models.joined(separator: ", "))" }
    let asModelLikes = "Let the model decide"
    let otherRatio = "Other ratio"
    let characters = "{} of 10,000 characters"

    func label(_ field: RequestField) -> String {
        switch field {
        case .prompt: "Prompt"
        case .width: "Width"
        case .height: "Height"
        case .batchSize: "Number of pictures"
        case .aspectRatio: "Aspect ratio"
        case .imageURLs: "Reference images"
        case .steps: "Steps"
        case .resolution: "Resolution"
        case .seed: "Seed"
        case .guidanceScale: "Guidance"
        case .strength: "Strength"
        case .styles: "Styles"
        case .styleImages: "Style images"
        case .imageStyleReferences: "Style references"
        case .characterReferenceImages: "Character images"
        }
    }

    func hint(_ field: RequestField, _ bounds: ClosedRange<Double>?) -> String {
        let range = bounds.map { "\(JSONValue.number($0.lowerBound).brief) to \(JSONValue.number($0.upperBound).brief)" }
        let within = range.map { ", \($0)" } ?? ""
        return switch field {
        case .prompt: "What the picture should show"
        case .width, .height: range.map { "\($0) pixels" } ?? "pixels; each model has its own limits"
        case .batchSize: "\(RequestLimits.batchSize.lowerBound) to \(RequestLimits.batchSize.upperBound); more than 2 take longer"
        case .aspectRatio: "for example 16:9"
        case .imageURLs, .characterReferenceImages: "https addresses, one per line"
        case .steps: "20 to 40 work best; 28 if left empty"
        case .resolution: "higher takes longer and costs more"
        case .seed: "the same number gives the same picture"
        case .guidanceScale: "how closely to follow the prompt\(within)"
        case .strength: "how much to change the starting picture\(within)"
        case .styles: "a style ID and a strength from -2 to 2, one per line: ID 0.8"
        case .styleImages, .imageStyleReferences: "an https address and a strength from -2 to 2, one per line"
        }
    }

    func left(_ pictures: Allowance.Pictures, until moment: String) -> String {
        "\(pictures.left) of your \(pictures.limit) pictures a day left; the count starts again at \(moment)."
    }

    func fault(_ fault: RequestFault, of name: String) -> String {
        switch fault {
        case .required: "\(name) is required."
        case .noText: "\(name) must be text."
        case .empty: "\(name) must not be empty."
        case .invisible: "\(name) must contain something visible; all its characters are invisible."
        case .control(let character):
            "\(name) must not contain control characters other than tabs and line ends; it has \(character)."
        case .tooLong(let count, let most): "\(name) must have at most \(most) characters; it has \(count)."
        case .tooShort(let count, let least): "\(name) must have at least \(least) characters; it has \(count)."
        case .unknownModel(let value): "\(name) \(value) is unknown; allowed are \(Model.all.map(\.name).joined(separator: ", "))."
        case .otherModel(let value, let model): "\(name) \(value) is not the model of this address, which is \(model.name)."
        case .modelGone(let model): "\(name) \(model.name) is no longer offered by Krea; choose another."
        case .outside(let value, let allowed): "\(name) \(value) must be \(Self.words(allowed))."
        case .givenTwice(let other): "\(name) is given twice, once as \(other)."
        case .unknownMember([]): "\(name) is not a member of a request."
        case .unknownMember(let allowed): "\(name) is not a member of a request; allowed are \(allowed.joined(separator: ", "))."
        case .webhooksOff: "\(name) cannot be used here: the operator has allowed no host for it."
        case .noWebhookAddress(let value, let most):
            "\(name) \(value) must be an https address of at most \(most) characters, without a user."
        case .webhookHost(let host): "\(name) has the host \(host), which the operator does not allow."
        case .insecureWebhook: "\(name) must start with https://."
        }
    }

    private static func words(_ allowed: RequestFault.Allowed) -> String {
        switch allowed {
        case .wholeNumber(let least, let most): "a whole number\(Self.bounds(least, most))"
        case .number(let least, let most): "a number\(Self.bounds(least, most))"
        case .ratio: "a ratio like 16:9"
        case .oneOf(let words): "one of \(words.joined(separator: ", "))"
        case .text: "text"
        case .weighted(let key, let most): "a list of at most \(most) objects with \(key) and strength, a number from -2 to 2"
        case .addresses(let most): "a list of at most \(most) addresses"
        case .address: "an https address of at most \(RequestLimits.imageURLCharacters) characters or a data:image URI"
        case .addressInASCII: "an address whose host is written in ASCII letters, other letters in Punycode (xn--…)"
        }
    }

    private static func bounds(_ least: Double?, _ most: Double?) -> String {
        let text = { (number: Double) in JSONValue.number(number).brief }
        return switch (least, most) {
        case (let least?, let most?): " from \(text(least)) to \(text(most))"
        case (let least?, nil): " of at least \(text(least))"
        case (nil, let most?): " of at most \(text(most))"
        case (nil, nil): ""
        }
    }

    func otherProblems(_ count: Int) -> String { "And \(count) more." }

    let yourPicture = "Your picture"

    func heading(_ state: JobState, isBeingCancelled: Bool) -> String {
        if isBeingCancelled { return "Cancelling" }
        return switch state {
        case .waiting: "In the queue"
        case .submitting: "Sending to Krea"
        case .unconfirmed: "Checking with Krea"
        case .running: "In progress"
        case .completed: "Done"
        case .failed: "No picture"
        case .cancelled: "Cancelled"
        case .timedOut: "Timed out"
        }
    }

    func place(_ position: Int) -> String {
        switch position {
        case 0: "Next in the queue"
        case 1: "1 job ahead in the queue"
        default: "\(position) jobs ahead in the queue"
        }
    }

    func waiting(_ place: String, from start: String?) -> String { "\(place); starts \(start.map { "at \($0)" } ?? "later")." }
    func running(_ work: String, until end: String?) -> String { "\(work) Expected \(end.map { "by \($0)" } ?? "later")." }
    let beingCancelled = "Cancelling."
    let beingSent = "Sending to Krea."
    let beingChecked =
        "Krea's answer was lost; checking whether Krea has the job. It is sent again only if Krea does not have it."
    func working(_ status: String) -> String { "Krea is working on it: \(status)." }
    func made(_ count: Int, of all: Int) -> String { "\(count) of \(all) pictures are done." }
    func schedule(start: HTML, end: HTML) -> HTML { "Your picture starts at \(start) and should be ready by \(end)." }
    func starts(_ start: HTML) -> HTML { "Your picture starts at \(start)." }
    func expected(_ end: HTML) -> HTML { "Your picture should be ready by \(end)." }
    let progress = "Progress"
    let keepsUpToDate = "This page updates itself."
    let lookForNews = "Check for updates"
    func rateLimited(until moment: String?) -> String {
        moment.map { "Rate limited — Krea asked for a pause until \($0)" } ?? "Rate limited — wait 1 min"
    }
    func submissionsLost(until moment: String) -> String {
        "Krea does not answer when jobs are sent to it; the next attempt is at \(moment), and no job is lost."
    }
    func neverArrived(_ attempts: Int) -> String {
        "Krea failed to take it \(attempts == 1 ? "once" : "\(attempts) times"), so it waits behind other jobs for another attempt."
    }
    func outOfCompute(until moment: String) -> String { "\(failure(JobFailure(.outOfCompute))); the next attempt is at \(moment)." }
    let tokenRefused = "Krea refused the API token — the operator must replace it; until then, jobs wait."
    func moneySpent(until moment: String) -> String {
        "The daily spending limit is reached; jobs continue at \(moment)."
    }
    func paused(because words: String) -> String { "The operator has paused the queue: \(words)" }
    func unanswered(since moment: String) -> String {
        "Krea has been unreachable or failing since \(moment); we keep trying, and no job is lost."
    }
    func generated(_ models: String, _ summary: String) -> String { "Generated with \(models): \(summary)" }

    func failure(_ failure: JobFailure) -> String {
        switch failure.code {
        case .timedOut: "Job timed out — complex prompts take longer, try simpler or check quota."
        case .outOfCompute: "Out of compute — upgrade plan"
        case .refused: "Krea refused the request — change it and send it again"
        case .contentRefused:
            "Krea refused the content\(failure.refusal.map { ": \(Self.words($0)) (\($0.rawValue))" } ?? "") — change the prompt or the images"
        case .unauthorised: "Krea refused the API token — the operator must check KREA_API_TOKEN"
        case .forbidden: "Krea refused access — the operator must check the account"
        case .modelUnavailable: "Krea no longer offers this model — choose another"
        case .submissionUnconfirmed:
            "Krea's answer was lost, and it is not clear which of its jobs is this one — nothing was sent again; "
                + "the picture may still appear in the Krea account"
        case .submissionUndecidable:
            "Krea's answer was lost, and its list of jobs does not show whether it has this one — nothing was sent again; "
                + "the picture may still appear in the Krea account"
        case .cancellationUnconfirmed:
            "It could not be cancelled: Krea's answer was lost, and its list of jobs does not show which job is this one — "
                + "nothing was sent again; the picture may still appear in the Krea account"
        case .restored:
            "The service was restored from a backup that does not show whether this job was sent — nothing was sent again; "
                + "send it again if you still want the picture"
        case .notTaken:
            "Krea failed \(Submission.mostStrikes) times to take this job while it took others; nothing was made or charged — "
                + "change it, or send it again later"
        case .tooExpensive: "It costs more than the daily spending limit — choose another model or ask for less"
        case .generationFailed: "Krea could not make the picture — try again or change the prompt"
        case .noImage: "Krea finished without a picture — often the content was refused; change the prompt"
        case .foreignHost:
            "Krea finished, but the picture is on a host that is not allowed here — ask the operator to allow it, then check again"
        case .lostAtKrea: "Krea no longer knows this job — send it again"
        case .cancelled: "Cancelled at Krea — send it again if you still want it"
        case .cancelledBefore: "Cancelled before it was sent — nothing was charged"
        }
    }

    private static func words(_ refusal: ContentRefusal) -> String {
        switch refusal {
        case .nsfw: "not safe for work"
        case .ipDetected: "a protected work, brand or character"
        case .violence: "a violent scene"
        case .personalInfo: "personal information"
        }
    }

    func warning(_ warning: Warning) -> String {
        switch warning {
        case .replaced(let model, let used): "Krea no longer offers \(model): \(used) is used."
        case .longerQueue: "More than 2 pictures or 4K: the queue is longer."
        case .notTaken(let field, let used):
            "\(field.rawValue) was left out: \(used) does not take it\(field == .steps ? ", only Flux does" : "")."
        case .notAllowed(let field, let value): "\(field.rawValue) was left out: \(value) is not allowed."
        case .onlyFirst(let field, let count): "Only the first of \(count) \(field.rawValue) is used."
        case .sizeForRatio(let ratio, let width, let height):
            "aspect_ratio \(ratio) became \(width) × \(height) pixels: the model takes only a size."
        case .strangeAddresses(let count, let all): "\(count) of \(all) picture addresses were left out: they are not on Krea's hosts."
        case .surplus(1): "Krea sent more pictures than requested: only the first is shown."
        case .surplus(let count): "Krea sent more pictures than requested: only the first \(count) are shown."
        case .missing(let count, let all, let reason):
            "\(count) of \(all) pictures could not be made\(reason.map { ": \(failure($0))" } ?? ".")"
        }
    }

    let kreasWords = "Krea's words:"
    func told(_ host: String) -> String { "\(host) has been notified." }
    func notTold(_ host: String, _ reason: String?) -> String { "\(host) could not be notified (\(reason ?? "no answer"))." }

    func telling(_ host: String, attempt: Int?, at moment: String?) -> String {
        guard let attempt, let moment else { return "\(host) will be notified." }
        return "\(host) will be notified; attempt \(attempt) is at \(moment)."
    }

    let cancel = "Cancel"
    let resume = "Check again"
    let mayStillFinish = "Krea may still finish it and charge for it."
    let mayStillBring = "Krea may still have the picture, which has been paid for."
    let makeAnother = "Create another picture"
    let keptHere = "local copy"
    let from = "from"
    let size = "Size"

    func pixels(_ width: Int?, _ height: Int?) -> String? {
        switch (width, height) {
        case (let width?, let height?): "\(width) × \(height) pixels"
        case (let width?, nil): "\(width) pixels wide"
        case (nil, let height?): "\(height) pixels high"
        case (nil, nil): nil
        }
    }

    let myPictures = "My pictures"
    let noPictures = "No pictures yet."
    let open = "Open"
    let download = "Download"
    let copyAddress = "Copy address"
    let copyMarkdown = "Copy Markdown"
    let copied = "Copied"
    let useAgain = "Use again"
    let forget = "Clear list"
    let forgetHint = "Only this browser knows that these are yours."

    func problemHeading(_ status: Int) -> String {
        switch status {
        case 404: "Not found"
        case 410: "No longer available"
        case 500...: "Something went wrong"
        default: "That did not work"
        }
    }

    func refusal(_ refusal: Refusal) -> String {
        let again = refusal.retryAfter.map { "; try again in \($0) s" } ?? ""
        return switch refusal.reason {
        case .nothingThere: "There is nothing at this address."
        case .malformedAddress: "The address is not a well-formed path."
        case .unknownJob: "There is no job with this ID."
        case .removedJob: "The job with this ID finished long ago and has been removed."
        case .unknownRoute(let route):
            "There is no model at image/\(route.beginning(80)); there are \(Model.all.flatMap(\.routes).map(\.path).joined(separator: ", "))."
        case .onlyImages(let kind): "Only images are made here; “\(kind.beginning(40))” is not offered."
        case .wrongMethod(let method, let allowed):
            "\(method.rawValue) is not allowed here; use \(allowed.map(\.rawValue).joined(separator: ", "))."
        case .crossSite: "Requests from other web sites are refused."
        case .userMissing: "This is for signed-in users only, and the web server named none."
        case .keyMissing: "A key is required: send it as Authorization: Bearer KEY."
        case .unknownKey: "The key in the Authorization header is unknown."
        case .wrongSignature: "The signature of this address is not valid."
        case .wrongMediaType(let needed): "The body must have the Content-Type \(needed)."
        case .contentCoding(let coding): "The body must have no Content-Encoding; \(JSONValue.string(coding).brief) is not supported."
        case .brokenForm: "The form is not well-encoded UTF-8, or has more than \(FormFields.most) fields."
        case .brokenBody(let fault): Self.sentence(fault)
        case .invalid(let request): fault(request.problems[0].fault, of: request.problems[0].member)
        case .badParameter(let fault): Self.sentence(fault)
        case .idempotencyConflict:
            "This Idempotency-Key came with a different request within the last 24 hours, so nothing was accepted."
        case .queueFull(.client, let limits):
            "Your queue is full: at most \(Self.count(limits.perClient, "job")) of one client may wait\(again)."
        case .queueFull(.total, let limits):
            "The queue is full: at most \(Self.count(limits.total, "job")) of all clients together may wait\(again)."
        case .dailyLimit(let allowance):
            "You may create \(Self.count(allowance.pictures?.limit ?? 0, "picture")) a day and have \(allowance.pictures?.left ?? 0) left; "
                + "the count starts again at 00:00 UTC."
        case .spendLimit: "The daily spending limit for everyone is reached; it starts again at 00:00 UTC."
        case .tooExpensive: "\(failure(JobFailure(.tooExpensive)))."
        case .tokenMissing: tokenMissingMessage
        case .storeUnavailable(.busy): "The store is busy and nothing was changed; try again in a few seconds."
        case .storeUnavailable(.full): "The store's disk is full and nothing was changed; the operator must make room."
        case .storeUnavailable(.unusable): "The store is unavailable and nothing was changed; the operator must look into it."
        case .alreadyFinished: "The job has already ended and cannot be cancelled."
        case .notTimedOut: "Only a job whose picture Krea may still deliver can be checked again."
        case .transport(_, _, let sentence): sentence
        }
    }

    private static func sentence(_ fault: Refusal.BodyFault) -> String {
        switch fault {
        case .notUTF8: "The body is not valid UTF-8."
        case .notJSON: "The body is not valid JSON."
        case .tooDeep(let most): "The body is nested deeper than \(most) levels."
        case .tooManyValues(let most): "The body has more than \(most) values."
        case .noObject(let value): "The body must be a JSON object, not \(value)."
        case .repeated(let path): "\(name(path) ?? "The body") is given twice."
        case .outOfRange(let path): "\(name(path) ?? "The body") is a number out of range."
        case .notEncoded: "The request in the address is not well encoded."
        }
    }

    private static func sentence(_ fault: Refusal.ParameterFault) -> String {
        switch fault {
        case .idempotencyKey: "Idempotency-Key must have 1 to 255 visible ASCII characters."
        case .limit(let value):
            "limit \(value) must be a whole number from \(JobListQuery.limits.lowerBound) to \(JobListQuery.limits.upperBound)."
        case .cursor(let value): "cursor \(value) must be the next_cursor of a list, or a time like 2026-01-31T12:00:00Z."
        case .wait(let value):
            "wait \(value) must be a whole number of seconds from \(WaitPreference.bounds.lowerBound) to \(WaitPreference.bounds.upperBound)."
        case .status(let value): "status \(value) is unknown; allowed are \(JobListQuery.words.joined(separator: ", "))."
        }
    }

    private static func count(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }

    // Drawings are kept for all readers alike, so they speak English only.
    let pictureInProgress = "This picture is being created."
    let pictureOnFirstView = "This picture is created when it is first viewed."
    let addressTooLong = "The picture's address at Krea is too long for a redirect."
    func expectedBy(_ moment: String) -> String { "Expected by \(moment)." }

    func inLog(_ name: HTML) -> HTML { "Log reference: \(name)" }
    let toForm = "Back to the form"
}
