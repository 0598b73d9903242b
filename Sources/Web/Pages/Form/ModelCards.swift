import Jobs

/// The choice of a model, each with its strengths, usual time and price.
struct ModelCards {
    let form: JobForm
    let texts: any Texts
    let offers: ModelOffers

    var html: HTML {
        let chosen = Model.named(form.fields["model"] ?? "") ?? .default
        return """
            <fieldset class="models" id="model" tabindex="-1" aria-describedby="model-hint">
            <legend>\(texts.model)</legend>
            <div class="cards">
            \(Model.all.map { card($0, isChosen: $0 == chosen) })
            </div>
            <p class="hint" id="model-hint">\(texts.modelHint)</p>
            \(FieldRow.problem(of: "model", form, texts))
            </fieldset>
            """
    }

    private func card(_ model: Model, isChosen: Bool) -> HTML {
        let route = offers.route(of: model)
        let used = route.map { model.name(at: $0.path) } ?? model.name
        let remark: String? = route == nil ? texts.notOffered : used == model.name ? nil : texts.madeBy(used)
        let price = route?.price(of: [:]).map { " · $\($0)" } ?? ""
        return """
            <label class="card">
            <input type="radio" name="model" id="model-\(model.id)" value="\(model.id)"\(isChosen ? " checked" : nil)\
            \(route == nil ? " disabled" : nil)>
            <span><strong>\(model.name)</strong>\(remark.map { " <em>\($0)</em>" } as HTML?)
            <small>\(texts.bestFor(model))</small>
            <small>\(texts.seconds(model.typicalSeconds))\(price)</small></span>
            </label>
            """
    }
}
