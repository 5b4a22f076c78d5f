import { cx, Field, Textarea } from "@anteroom/ui";
import { useTranslation } from "react-i18next";
import { MoreSettings } from "./more-settings";
import { NumberField } from "./number-field";
import { type Mode, modes } from "./settings";
import type { ControlsHandle } from "./use-controls";
import { useErrorText } from "./use-error-text";

/** The inputs: mode, rate, cap and message, then the groups of the others. A changed one is marked. */
export function ControlFields({ controls }: { controls: ControlsHandle }) {
  const { t } = useTranslation();
  const { state, dispatch, changes } = controls;
  const error = useErrorText(controls);
  const changed = (field: string) => changes.some((c) => c.field === field);

  return (
    <>
      <fieldset className="grid gap-1.5">
        <legend className="mb-1.5 text-sm font-semibold">{t("controls.mode")}</legend>
        <div className="grid grid-cols-5 gap-1 rounded-xl bg-raised p-1">
          {modes.map((mode) => (
            <label
              key={mode}
              title={t(`modeMeans.${mode}`)}
              className={cx(
                "grid min-h-10 cursor-pointer place-items-center rounded-lg px-0.5 text-center text-sm font-semibold text-muted",
                "has-focus-visible:outline-3 has-focus-visible:outline-accent has-disabled:cursor-default",
                state.draft.mode === mode && "bg-surface text-ink shadow-card",
                state.draft.mode === mode && changed("mode") && "bg-accent text-on-accent",
              )}
            >
              <input
                type="radio"
                name="mode"
                value={mode}
                checked={state.draft.mode === mode}
                onChange={() => dispatch({ type: "edit", change: { mode } })}
                className="sr-only"
              />
              {t(`mode.${mode}`)}
            </label>
          ))}
        </div>
        <p className="text-sm text-muted">{t(`modeMeans.${state.draft.mode as Mode}`)}</p>
        {state.refused.mode && (
          <p role="alert" className="text-sm font-medium text-bad">
            {state.refused.mode}
          </p>
        )}
      </fieldset>
      <div className="grid grid-cols-2 items-start gap-3">
        {(["rate_per_minute", "max_active"] as const).map((field) => (
          <NumberField
            key={field}
            field={field}
            value={state.draft[field]}
            changed={changed(field)}
            error={error(field)}
            onChange={(value) => dispatch({ type: "edit", change: { [field]: value } })}
          />
        ))}
      </div>
      <Field
        label={t("controls.message")}
        hint={t("controls.messageHint", { length: [...state.draft.message].length, max: 500 })}
        error={error("message")}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            value={state.draft.message}
            className={cx("min-h-18", changed("message") && "border-accent")}
            onChange={(event) => dispatch({ type: "edit", change: { message: event.target.value } })}
          />
        )}
      </Field>
      <MoreSettings controls={controls} />
    </>
  );
}
