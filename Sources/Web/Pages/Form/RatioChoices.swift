import Jobs

/// The choice of usual ratios, each drawn as a shape.
struct RatioChoices {
    let form: JobForm
    let texts: any Texts

    static let usual = ["1:1", "4:3", "3:2", "16:9", "21:9", "3:4", "2:3", "9:16"]

    var html: HTML {
        let chosen = form.fields[JobForm.ratioField] ?? ""
        return """
            <fieldset class="ratios">
            <legend>\(texts.label(.aspectRatio))</legend>
            <div class="shapes">
            \(([""] + Self.usual).map { choice($0, isChosen: $0 == chosen) })
            </div>
            </fieldset>
            """
    }

    private func choice(_ ratio: String, isChosen: Bool) -> HTML {
        """
        <label>
        <input type="radio" name="\(JobForm.ratioField)" value="\(ratio)"\(isChosen ? " checked" : nil)>
        \(Self.shape(ratio))<span>\(ratio.isEmpty ? texts.asModelLikes : ratio)</span>
        </label>
        """
    }

    /// A rectangle of the ratio in a square of 42 units; a dashed square without a ratio.
    private static func shape(_ ratio: String) -> HTML {
        let sides = ratio.split(separator: ":").compactMap { Int($0) }
        let (width, height) = sides.count == 2 ? (sides[0], sides[1]) : (1, 1)
        let longest = max(width, height)
        let (w, h) = (36 * width / longest, 36 * height / longest)
        return """
            <svg viewBox="0 0 42 42" aria-hidden="true">\
            <rect x="\((42 - w) / 2)" y="\((42 - h) / 2)" width="\(w)" height="\(h)" rx="3"\
            \(ratio.isEmpty ? " stroke-dasharray=\"4 4\"" : nil)/></svg>
            """
    }
}
