import t from 'tap'
import { HttpError, notFound, renderError, unprocessable } from '../../src/http/errors.ts'

t.test('errors that are meant for the client are rendered as they are', async t => {
  t.same(renderError(new HttpError(405, 'No.', { headers: { allow: 'GET' } })), { status: 405, headers: { allow: 'GET' }, body: { message: 'No.' } })
  t.same(renderError(notFound('Template')), { status: 404, headers: {}, body: { message: 'Template not found.' } })
})

t.test('a 422 counts the faults beyond the first', async t => {
  const message = (...errors: string[]): string => renderError(unprocessable(Object.fromEntries(errors.map((error, index) => [index, [error]])))).body.message
  t.equal(message('a.'), 'a.')
  t.equal(message('a.', 'b.'), 'a. (and 1 more error)')
  t.equal(message('a.', 'b.', 'c.'), 'a. (and 2 more errors)')
  t.equal(message(), 'The given data was invalid.')
})

t.test('errors of the framework keep their status when it is the client\'s fault, and nothing else gets out', async t => {
  const thrown = (more: object): unknown => Object.assign(new Error('detail'), more)
  t.same(renderError(thrown({ statusCode: 418 })), { status: 418, headers: {}, body: { message: 'detail' } })
  for (const error of [thrown({ statusCode: 503 }), thrown({ statusCode: 302 }), thrown({}), 'text', undefined, null, {}]) {
    t.same(renderError(error), { status: 500, headers: {}, body: { message: 'Server Error' } })
  }
})
