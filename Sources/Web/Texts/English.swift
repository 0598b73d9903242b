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
    func bestFor(_ model: Model) -> String { model.bestFor }
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

    func fault(_ fault: RequestFault, of member: String) -> String { fault.sentence(member) }
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
        moment.map { "Rate limited — Krea asked for a pause until \($0)" } ?? rateLimitedMessage
    }
    func submissionsLost(until moment: String) -> String {
        "Krea does not answer when jobs are sent to it; the next attempt is at \(moment), and no job is lost."
    }
    func neverArrived(_ attempts: Int) -> String {
        "Krea failed to take it \(attempts == 1 ? "once" : "\(attempts) times"), so it waits behind other jobs for another attempt."
    }
    func outOfCompute(until moment: String) -> String { "\(JobFailure(.outOfCompute).message); the next attempt is at \(moment)." }
    let tokenRefused = "Krea refused the API token — the operator must replace it; until then, jobs wait."
    func moneySpent(until moment: String) -> String {
        "The daily spending limit is reached; jobs continue at \(moment)."
    }
    func paused(because words: String) -> String { "The operator has paused the queue: \(words)" }
    func unanswered(since moment: String) -> String {
        "Krea has been unreachable or failing since \(moment); we keep trying, and no job is lost."
    }
    func generated(_ models: String, _ summary: String) -> String { "Generated with \(models): \(summary)" }
    func failure(_ failure: JobFailure) -> String { failure.message }
    func warning(_ warning: Warning) -> String { warning.sentence }
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

    func refusal(_ refusal: Refusal) -> String { refusal.sentence }
    func inLog(_ name: HTML) -> HTML { "Log reference: \(name)" }
    let toForm = "Back to the form"
}
