import Jobs

/// English.
struct English: Texts {
    let siteName = "Krea pictures"
    let languageSwitch = "Language"
    let simulated = "Pictures come from a simulator on this machine and cost nothing."

    let makePicture = "Make a picture"
    let checkForm = "Please check the form"
    let make = "Make it"
    let details = "Size, number and images"
    let model = "Model"
    let modelHint = "What each is best for, how long a picture usually takes, and what it costs where that is known."
    func bestFor(_ model: Model) -> String { model.bestFor }
    func madeBy(_ name: String) -> String { "now made by \(name)" }
    let notOffered = "not offered by Krea any more"
    func seconds(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound)–\(range.upperBound) s" }
    func only(_ models: [String]) -> String { "only \(models.joined(separator: ", "))" }
    let asModelLikes = "as the model likes"
    let otherRatio = "Another ratio"
    let characters = "{} of 10,000 characters"

    func label(_ field: RequestField) -> String {
        switch field {
        case .prompt: "Prompt"
        case .width: "Width"
        case .height: "Height"
        case .batchSize: "Number of pictures"
        case .aspectRatio: "Aspect ratio"
        case .imageURLs: "Image addresses"
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
        case .prompt: "What the picture shall show."
        case .width, .height: range.map { "\($0) pixels" } ?? "pixels; each model has bounds of its own"
        case .batchSize: "\(RequestLimits.batchSize.lowerBound) to \(RequestLimits.batchSize.upperBound); over 2 waits longer"
        case .aspectRatio: "like 16:9"
        case .imageURLs, .characterReferenceImages: "https addresses, one a line"
        case .steps: "20 to 40 is best; 28 if empty"
        case .resolution: "more takes longer and costs more"
        case .seed: "the same number gives the same picture again"
        case .guidanceScale: "how closely the prompt is followed\(within)"
        case .strength: "how much a picture to start from is changed\(within)"
        case .styles: "a style's ID and its strength from -2 to 2, one a line: ID 0.8"
        case .styleImages, .imageStyleReferences: "an https address and its strength from -2 to 2, one a line"
        }
    }

    func left(_ pictures: Allowance.Pictures, until moment: String) -> String {
        "\(pictures.left) of your \(pictures.limit) pictures a day are left; the next day begins at \(moment)."
    }

    func fault(_ fault: RequestFault, of member: String) -> String { fault.sentence(member) }
    func otherProblems(_ count: Int) -> String { "And \(count) more." }

    let yourPicture = "Your picture"

    func heading(_ state: JobState, isBeingCancelled: Bool) -> String {
        if isBeingCancelled { return "Being cancelled" }
        return switch state {
        case .waiting: "In the queue"
        case .submitting: "On its way to Krea"
        case .unconfirmed: "Being checked"
        case .running: "Being made"
        case .completed: "Done"
        case .failed: "No picture"
        case .cancelled: "Cancelled"
        case .timedOut: "Timed out"
        }
    }

    func place(_ position: Int) -> String {
        switch position {
        case 0: "Next in the queue"
        case 1: "1 job before it in the queue"
        default: "\(position) jobs before it in the queue"
        }
    }

    func waiting(_ place: String, from start: String?) -> String { "\(place); starts at \(start ?? "a later time")." }
    func running(_ work: String, until end: String?) -> String { "\(work) Expected by \(end ?? "a later time")." }
    let beingCancelled = "Being cancelled."
    let beingSent = "Being sent to Krea."
    let beingChecked =
        "Krea's answer was lost; it is being found out whether Krea has the job. It is sent again only if Krea does not have it."
    func working(_ status: String) -> String { "Krea is at work: \(status)." }
    func made(_ count: Int, of all: Int) -> String { "\(count) of \(all) pictures are made." }
    func schedule(start: HTML, end: HTML) -> HTML { "Your picture starts at \(start), and should be here by \(end)." }
    func starts(_ start: HTML) -> HTML { "Your picture starts at \(start)." }
    func expected(_ end: HTML) -> HTML { "Your picture should be here by \(end)." }
    let progress = "Progress"
    let keepsUpToDate = "This page keeps itself up to date."
    let lookForNews = "Look for news"
    func rateLimited(until moment: String?) -> String {
        moment.map { "Rate limited — Krea wants no calls until \($0)" } ?? rateLimitedMessage
    }
    func submissionsLost(until moment: String) -> String {
        "Krea does not answer when jobs are sent to it; the next attempt comes at \(moment), and no job is lost."
    }
    func neverArrived(_ attempts: Int) -> String {
        "Krea failed to take it \(attempts == 1 ? "once" : "\(attempts) times"), so it waits behind others for another attempt."
    }
    func outOfCompute(until moment: String) -> String { "\(JobFailure(.outOfCompute).message); the next attempt comes at \(moment)." }
    let tokenRefused = "Krea refused the API token — the operator has to change it; until then the jobs wait."
    func moneySpent(until moment: String) -> String {
        "What the operator lets be spent in a day is spent; it goes on at \(moment)."
    }
    func paused(because words: String) -> String { "The operator has paused the queue: \(words)" }
    func unanswered(since moment: String) -> String {
        "Krea cannot be reached, or is in trouble, since \(moment); it is tried again and again, and no job is lost."
    }
    func generated(_ models: String, _ summary: String) -> String { "Generated with \(models): \(summary)" }
    func failure(_ failure: JobFailure) -> String { failure.message }
    func warning(_ warning: Warning) -> String { warning.sentence }
    let kreasWords = "Krea's words:"
    func told(_ host: String) -> String { "\(host) was told of the end." }
    func notTold(_ host: String, _ reason: String?) -> String { "\(host) could not be told of the end (\(reason ?? "no answer"))." }

    func telling(_ host: String, attempt: Int?, at moment: String?) -> String {
        guard let attempt, let moment else { return "\(host) is told of the end." }
        return "\(host) is told of the end; attempt \(attempt) comes at \(moment)."
    }

    let cancel = "Cancel"
    let resume = "Look again"
    let mayStillFinish = "Krea may still finish it, and will bill it then."
    let mayStillBring = "Krea may still have the picture, which is paid."
    let makeAnother = "Make another picture"
    let keptHere = "kept here"
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
    let noPictures = "There are none yet."
    let open = "Open"
    let download = "Download"
    let copyAddress = "Copy address"
    let copyMarkdown = "Copy Markdown"
    let copied = "Copied"
    let useAgain = "Use again"
    let forget = "Forget these"
    let forgetHint = "Only this browser knows that they are yours."

    func problemHeading(_ status: Int) -> String {
        switch status {
        case 404: "Not found"
        case 410: "No longer here"
        case 500...: "Something went wrong"
        default: "This did not work"
        }
    }

    func refusal(_ refusal: Refusal) -> String { refusal.sentence }
    func inLog(_ name: HTML) -> HTML { "The log knows this as \(name)." }
    let toForm = "To the form"
}
