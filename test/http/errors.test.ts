import t from 'tap'
import { DomainError } from '../../src/domain/domain-error.ts'
import { HttpError, notAuthorized, notFound, rejectItems, renderError, unprocessable } from '../../src/http/errors.ts'
import { NotFound } from '../../src/store/records.ts'
import { MAX_NAMESPACES, TooManyNamespaces } from '../../src/store/store.ts'

t.test('renders errors for the client unchanged', async t => {
  t.same(renderError(new HttpError(405, 'No.', { headers: { allow: 'GET' } })), { status: 405, headers: { allow: 'GET' }, body: { message: 'No.' } })
  t.same(renderError(notFound('Template')), { status: 404, headers: {}, body: { message: 'Template not found.' } })
})

t.test('a record that was removed meanwhile answers 404', async t => {
  t.same(renderError(new NotFound('Session', 'x')), { status: 404, headers: {}, body: { message: 'Session not found.' } })
})

t.test('a 422 counts the issues after the first', async t => {
  const message = (...errors: string[]): string => renderError(unprocessable(Object.fromEntries(errors.map((error, index) => [index, [error]])))).body.message
  t.equal(message('a.'), 'a.')
  t.equal(message('a.', 'b.'), 'a. (and 1 more error)')
  t.equal(message('a.', 'b.', 'c.'), 'a. (and 2 more errors)')
  t.equal(message(), 'The given data was invalid.')
})

t.test('a rejected command answers 404, 403, or 422 with the field', async t => {
  t.same(renderError(new DomainError('missing', 'Invite not found.')), { status: 404, headers: {}, body: { message: 'Invite not found.' } })
  t.same(renderError(new DomainError('forbidden', 'Not the last admin.')), { status: 403, headers: {}, body: { message: 'Not the last admin.' } })
  t.same(renderError(new DomainError({ field: 'email' }, 'The email is taken.')), { status: 422, headers: {}, body: { message: 'The email is taken.', errors: { email: ['The email is taken.'] } } })
  t.same(renderError(notAuthorized()), { status: 403, headers: {}, body: { message: 'This action is unauthorized.' } })
})

t.test('too many namespaces answer 429', async t => {
  t.same(renderError(new TooManyNamespaces()), { status: 429, headers: {}, body: { message: `There are already ${MAX_NAMESPACES} namespaces: delete some that are no longer needed.` } })
})

t.test('names every invalid item of a list by its index, a single value by its field', async t => {
  const faultOf = (item: string, index: number): string | null => item === 'good' ? null : `is ${item} (${index}).`
  const refused = (items: string | string[]): unknown => {
    try {
      rejectItems(items, 'keys', faultOf)
    } catch (error) {
      return renderError(error).body
    }
    return undefined
  }
  t.same(refused(['bad', 'good', 'worse']), {
    message: 'The selected keys.0 is bad (0). (and 1 more error)',
    errors: { 'keys.0': ['The selected keys.0 is bad (0).'], 'keys.2': ['The selected keys.2 is worse (2).'] }
  })
  t.same(refused('bad'), { message: 'The selected keys is bad (0).', errors: { keys: ['The selected keys is bad (0).'] } })
  t.same([refused(['good']), refused([]), refused('good')], [undefined, undefined, undefined])
})

t.test('errors of the framework keep a 4xx status, and all others become a bare 500', async t => {
  const thrown = (more: object): unknown => Object.assign(new Error('detail'), more)
  t.same(renderError(thrown({ statusCode: 418 })), { status: 418, headers: {}, body: { message: 'detail' } })
  for (const error of [thrown({ statusCode: 503 }), thrown({ statusCode: 302 }), thrown({}), 'text', undefined, null, {}]) {
    t.same(renderError(error), { status: 500, headers: {}, body: { message: 'Server Error' } })
  }
})
