import { applyChanges, changesBetween } from './merging.js';
import type { Changes } from './merging.js';
import { ownStructure } from './own-structure.js';
import { refuseUnreadable, storable, validated } from './schema.js';
import type { StandardSchema } from './schema.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { decode, encode, equalOnceDecoded } from '../dynamodb/values/attribute-values.js';
import { isDecoded } from '../dynamodb/values/is-decoded.js';
import { SessionDataError } from '../errors.js';

/** The changes of a handler that goes on making others. */
export interface PendingChanges {
  readonly changes: Changes | undefined;
  /** The data when they were computed; `undefined` if the handler had not asked for it. */
  readonly encoded: AttributeValue | undefined;
}

/** The session data in the hands of a handler: what it was given, and what it made of that. */
export class HandlerData {
  #data: unknown;
  #isInUse = false;
  /** What the handler was given, once a schema has made that of `loaded`; `undefined` inside if the schema refuses it. */
  #given?: { readonly value: AttributeValue | undefined };
  /** What was set last, as it was then, and what will be stored for it. */
  #checked?: { readonly data: AttributeValue; readonly toStore: AttributeValue };

  /** @param loaded the data as it is in the row */
  constructor(readonly loaded: AttributeValue, private readonly schema?: StandardSchema) {}

  /**
   * A structure that belongs to the handler alone. Decoded on first use, so that data nobody looks at costs nothing.
   *
   * @throws SessionDataError if the schema refuses what was loaded
   */
  get data(): unknown {
    if (!this.#isInUse) {
      this.#data = this.read();
      this.#isInUse = true;
    }
    return this.#data;
  }

  /** @throws SessionDataError if the schema refuses it, now or as it would be loaded */
  set data(data: unknown) {
    const value = data === undefined ? null : data;
    if (this.schema !== undefined && value !== null) {
      const encoded = encode(value);
      this.#checked = { data: encoded, toStore: storable(this.schema, value, encoded) };
    }
    this.#data = value;
    this.#isInUse = true;
  }

  /** The data as it is now, changes in place included; `undefined` if the handler has not asked for it. */
  encoded(): AttributeValue | undefined {
    if (!this.#isInUse) {
      return undefined;
    }
    const known = this.#checked?.data ?? this.loaded;
    return isDecoded(known, this.#data) ? known : encode(this.#data);
  }

  /**
   * What the handler changed; `undefined` if nothing.
   *
   * @throws SessionDataError if it was changed to something that the schema refuses, or that DynamoDB cannot hold
   */
  changes(data = this.encoded()): Changes | undefined {
    if (data === undefined) {
      return undefined;
    }
    if (this.schema === undefined) {
      return changesBetween(this.loaded, this.loaded, data);
    }
    const given = this.given();
    if (given === undefined) {
      return { value: this.toStore(data) };
    }
    if (equalOnceDecoded(given, data)) {
      return undefined;
    }
    return changesBetween(this.loaded, given, data, this.toStore(data));
  }

  /** The changes so far, with what `takeOver` needs to distinguish later ones from them. */
  pendingChanges(): PendingChanges {
    const encoded = this.encoded();
    return { encoded, changes: this.changes(encoded) };
  }

  /**
   * The data as a whole with the changes applied to what is there by now.
   *
   * @throws SessionDataError if the schema would refuse the result, so that nobody could load the session any more
   */
  merged(changes: Changes, current: AttributeValue): AttributeValue {
    if (current === this.loaded) {
      return changes.value;
    }
    const merged = applyChanges(changes, current);
    if (this.schema !== undefined) {
      refuseUnreadable(this.schema, merged, 'the session data, merged with what another invocation saved meanwhile, does not fit its schema');
    }
    return merged;
  }

  /** Takes over the changes that were made to `before` since it had been encoded as `then`. */
  takeOver(before: HandlerData, then: AttributeValue | undefined): void {
    const now = before.encoded();
    const given = then ?? (now && before.given());
    const changes = now && given && changesBetween(given, given, now);
    if (changes !== undefined) {
      this.given();
      this.#data = new HandlerData(applyChanges(changes, this.loaded), this.schema).data;
      this.#isInUse = true;
    }
  }

  private read(): unknown {
    const decoded = decode(this.loaded);
    if (this.schema === undefined || decoded === null) {
      return decoded;
    }
    const data = validated(this.schema, decoded);
    if (isDecoded(this.loaded, data) && (data === decoded || isDecoded(this.loaded, decoded))) {
      this.#given ??= { value: this.loaded };
      return decoded; // the schema changed nothing, and nobody else has this structure
    }
    this.#given ??= { value: encode(data) }; // before it is copied: it refuses what contains itself
    return ownStructure(data);
  }

  private given(): AttributeValue | undefined {
    if (this.schema === undefined || this.loaded.NULL) {
      return this.loaded;
    }
    if (this.#given === undefined) {
      try {
        this.read();
      } catch (error) {
        if (!(error instanceof SessionDataError)) {
          throw error;
        }
      }
    }
    this.#given ??= { value: undefined };
    return this.#given.value;
  }

  private toStore(data: AttributeValue): AttributeValue {
    if (data.NULL) {
      return data;
    }
    const isChecked = this.#checked !== undefined && equalOnceDecoded(this.#checked.data, data);
    return isChecked ? this.#checked!.toStore : storable(this.schema!, this.#data, data);
  }
}
