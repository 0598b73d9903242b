import Jobs

/// Everything that is said in one language: the pages, and, in ``English``, what programs read.
///
/// A new language is one new file here and a case of ``Language``. A text that is missing does not compile.
protocol Texts: Sendable {
    // Around every page
    var siteName: String { get }
    var languageSwitch: String { get }
    var simulated: String { get }

    // The form
    var makePicture: String { get }
    var checkForm: String { get }
    var make: String { get }
    var details: String { get }
    var model: String { get }
    var modelHint: String { get }
    func bestFor(_ model: Model) -> String
    func madeBy(_ name: String) -> String
    var notOffered: String { get }
    func seconds(_ range: ClosedRange<Int>) -> String
    func only(_ models: [String]) -> String
    var asModelLikes: String { get }
    var otherRatio: String { get }
    func label(_ field: RequestField) -> String
    /// What stands below a field; `bounds` are those of all models that have it, where they are the same.
    func hint(_ field: RequestField, _ bounds: ClosedRange<Double>?) -> String
    func left(_ pictures: Allowance.Pictures, until moment: String) -> String
    func fault(_ fault: RequestFault, of member: String) -> String
    /// That so many things are wrong besides.
    func otherProblems(_ count: Int) -> String
    /// What counts the characters of the prompt: `{}` becomes how many there are.
    var characters: String { get }

    // A job
    var yourPicture: String { get }
    func heading(_ state: JobState, isBeingCancelled: Bool) -> String
    func place(_ position: Int) -> String
    func waiting(_ place: String, from start: String?) -> String
    func running(_ work: String, until end: String?) -> String
    var beingCancelled: String { get }
    var beingSent: String { get }
    var beingChecked: String { get }
    func working(_ status: String) -> String
    func made(_ count: Int, of all: Int) -> String
    func schedule(start: HTML, end: HTML) -> HTML
    func starts(_ start: HTML) -> HTML
    func expected(_ end: HTML) -> HTML
    var progress: String { get }
    var keepsUpToDate: String { get }
    var lookForNews: String { get }
    /// With the end of a silence that is longer than a minute.
    func rateLimited(until moment: String?) -> String
    func submissionsLost(until moment: String) -> String
    /// Of a job that waits for another attempt: how many never arrived at Krea.
    func neverArrived(_ attempts: Int) -> String
    func outOfCompute(until moment: String) -> String
    var tokenRefused: String { get }
    func moneySpent(until moment: String) -> String
    /// The operator's own words are in no language of ours.
    func paused(because words: String) -> String
    func unanswered(since moment: String) -> String
    func generated(_ models: String, _ summary: String) -> String
    func failure(_ failure: JobFailure) -> String
    func warning(_ warning: Warning) -> String
    var kreasWords: String { get }
    func told(_ host: String) -> String
    func notTold(_ host: String, _ reason: String?) -> String
    func telling(_ host: String, attempt: Int?, at moment: String?) -> String
    var cancel: String { get }
    var resume: String { get }
    var mayStillFinish: String { get }
    var mayStillBring: String { get }
    var makeAnother: String { get }
    var keptHere: String { get }
    var from: String { get }
    var size: String { get }
    func pixels(_ width: Int?, _ height: Int?) -> String?

    // The last jobs
    var myPictures: String { get }
    var noPictures: String { get }
    var open: String { get }
    var download: String { get }
    var copyAddress: String { get }
    var copyMarkdown: String { get }
    var copied: String { get }
    var useAgain: String { get }
    var forget: String { get }
    var forgetHint: String { get }

    // Refusals
    func problemHeading(_ status: Int) -> String
    func refusal(_ refusal: Refusal) -> String
    func inLog(_ name: HTML) -> HTML
    var toForm: String { get }
}

extension Texts {
    /// A member of a JSON body, or one within it, like `styles[0].id`; nil for the body itself.
    static func name(_ path: [String]) -> String? {
        guard let first = path.first else { return nil }
        return path.dropFirst().reduce(first) { name, step in
            step.utf8.allSatisfy { (0x30...0x39).contains($0) } ? "\(name)[\(step)]" : "\(name).\(step)"
        }
    }
}
